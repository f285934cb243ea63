using System.Runtime.InteropServices;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.WebP;

/// <summary>The system's libwebp, where there is one.</summary>
internal sealed unsafe class LibWebP
{
    /// <summary>The version of the structures below; the library takes those of its own major version (decode.h).</summary>
    private const int Abi = 0x0209;

    private static readonly string[] Names = ["libwebp.so.7", "libwebp.7.dylib", "libwebp.dll"];
    private static readonly Lazy<LibWebP?> Found = new(Find);

    private readonly delegate* unmanaged[Cdecl]<byte*, nuint, Features*, int, int> _getFeatures;
    private readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, int, byte*> _decode;

    private LibWebP(nint getFeatures, nint decode)
    {
        _getFeatures = (delegate* unmanaged[Cdecl]<byte*, nuint, Features*, int, int>)getFeatures;
        _decode = (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, int, byte*>)decode;
    }

    /// <summary>Null where the system has none.</summary>
    public static LibWebP? Installed => Found.Value;

    /// <summary>The size of an image, and whether it is an animation; null when the file is not one.</summary>
    public (ImageSize Size, bool IsAnimation)? Describe(ReadOnlySpan<byte> file)
    {
        Features features = default;
        fixed (byte* at = file)
        {
            if (_getFeatures(at, (nuint)file.Length, &features, Abi) != 0) return null;
        }
        return (new ImageSize(features.Width, features.Height), features.HasAnimation != 0);
    }

    /// <summary>Decodes an image as pixels of red, green, blue and opacity.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="into">As many as it has.</param>
    /// <returns>False when it is damaged.</returns>
    public bool TryDecode(ReadOnlySpan<byte> file, int width, Span<uint> into)
    {
        fixed (byte* at = file)
        fixed (uint* pixels = into)
        {
            return _decode(at, (nuint)file.Length, (byte*)pixels, (nuint)into.Length * sizeof(uint), width * sizeof(uint)) is not null;
        }
    }

    private static LibWebP? Find()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var library)
                && NativeLibrary.TryGetExport(library, "WebPGetFeaturesInternal", out var features)
                && NativeLibrary.TryGetExport(library, "WebPDecodeRGBAInto", out var decode))
                return new LibWebP(features, decode);
        }
        return null;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Features
    {
        public int Width;
        public int Height;
        public int HasAlpha;
        public int HasAnimation;
        public int Format;
        public fixed uint Padding[5];
    }
}
