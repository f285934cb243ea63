namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images;

/// <summary>A part of an image: from <paramref name="Left"/> to before <paramref name="Right"/>, likewise downwards.</summary>
internal readonly record struct PixelArea(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;
}
