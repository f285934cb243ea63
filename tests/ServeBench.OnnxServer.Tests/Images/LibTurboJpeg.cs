using System.Runtime.InteropServices;

namespace ServeBench.OnnxServer.Tests.Images;

/// <summary>The system's libturbojpeg (Debian: libturbojpeg0), to compare with; the server does without it.</summary>
internal static partial class LibTurboJpeg
{
    private const string Library = "libturbojpeg.so.0";
    private const int Rgbx = 2;

    public static bool IsInstalled => NativeLibrary.TryLoad(Library, out _);

    /// <summary>Decodes all of a file into pixels of four bytes.</summary>
    public static unsafe void Decode(nint handle, ReadOnlySpan<byte> file, Span<uint> into, int width, int height)
    {
        fixed (byte* from = file)
        fixed (uint* to = into)
        {
            Assert.Equal(0, Decompress(handle, from, (nuint)file.Length, to, width, 0, height, Rgbx, 0));
        }
    }

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    public static partial nint Begin();

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    public static partial int End(nint handle);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    private static unsafe partial int Decompress(nint handle, byte* file, nuint size, uint* into, int width, int pitch, int height, int format, int flags);
}
