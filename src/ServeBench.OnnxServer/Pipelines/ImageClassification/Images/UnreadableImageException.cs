namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images;

/// <summary>Says why a file gives no image, for whoever sent it.</summary>
/// <param name="message">What is wrong, to follow "The image": "is cut off".</param>
internal sealed class UnreadableImageException(string message) : Exception(message)
{
    public static UnreadableImageException CutOff() => new("is cut off: its data ends before its last row");

    public static UnreadableImageException Damaged(string what) => new($"is damaged: {what}");

    public static UnreadableImageException TooLong(long width, long height) =>
        new($"has {width}x{height} pixels, a side of more than {IImageDecoder.MostSide}, the most that this server reads; scale it down");

    public static UnreadableImageException NotRead(string kind) => new($"is {kind}, which this server does not read; convert it");
}
