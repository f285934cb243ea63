namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.WebP;

/// <summary>WebP, by the system's libwebp; animations are refused.</summary>
internal sealed class WebPDecoder : IImageDecoder
{
    private uint[] _whole = [];

    public string Format => "WebP";

    private static LibWebP Library => LibWebP.Installed
        ?? throw new UnreadableImageException(
            "is a WebP, which this server reads only where the system has libwebp.so.7 (Debian: libwebp7); convert it to JPEG or PNG");

    public bool Recognises(ReadOnlySpan<byte> file) =>
        file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8);

    public ImageSize Measure(ReadOnlySpan<byte> file)
    {
        var (size, isAnimation) = Library.Describe(file) ?? throw UnreadableImageException.Damaged("it has no header");
        return isAnimation ? throw UnreadableImageException.NotRead("an animated WebP") : size;
    }

    public void Decode(ReadOnlySpan<byte> file, IPixelRows into)
    {
        var size = Measure(file);
        using var turn = LargeImages.Enter(size);
        try
        {
            if (_whole.Length < size.Pixels) _whole = new uint[size.Pixels];
            if (!Library.TryDecode(file, size.Width, _whole.AsSpan(0, (int)size.Pixels)))
                throw UnreadableImageException.Damaged("its data cannot be decoded, or is cut off");
            var wanted = into.Wanted;
            for (var y = wanted.Top; y < wanted.Bottom; y++)
            {
                _whole.AsSpan((y * size.Width) + wanted.Left, wanted.Width).CopyTo(into.Room);
                into.Commit(y);
            }
        }
        finally
        {
            if (_whole.Length > IImageDecoder.KeptElements) _whole = [];
        }
    }
}
