namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images;

/// <summary>
/// Reads image files of one format. Holds buffers between calls: no two threads at once. What a file says is never believed: a damaged
/// or hostile one ends with an <see cref="UnreadableImageException"/>, and takes no more memory than an image of its size needs.
/// </summary>
internal interface IImageDecoder
{
    /// <summary>Buffers of more elements are not kept for the next image.</summary>
    const int KeptElements = 1 << 22;

    /// <summary>The most pixels of a row, and rows. Bounds what a row takes, and keeps all arithmetic of sizes within 32 bits.</summary>
    const int MostSide = ushort.MaxValue;

    /// <summary>What people call the format.</summary>
    string Format { get; }

    /// <summary>Whether a file begins as those of the format do.</summary>
    bool Recognises(ReadOnlySpan<byte> file);

    /// <summary>Reads no more than the size.</summary>
    /// <exception cref="UnreadableImageException">when the file does not say it.</exception>
    ImageSize Measure(ReadOnlySpan<byte> file);

    /// <summary>
    /// Hands out the rows that are wanted, from the top. Colours are as Pillow's convert("RGB") gives them: grey becomes three equal
    /// values, transparency is left out, nothing is turned as EXIF may say.
    /// </summary>
    /// <exception cref="UnreadableImageException">when the file is damaged, or of a kind that is not read.</exception>
    /// <exception cref="DecodersBusyException">when it is large, and others are being decoded.</exception>
    void Decode(ReadOnlySpan<byte> file, IPixelRows into);
}
