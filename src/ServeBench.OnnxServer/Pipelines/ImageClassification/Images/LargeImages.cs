namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images;

/// <summary>
/// Images that have to be in memory whole are decoded one after the other where they are large, so that no number of requests takes more
/// memory than one.
/// </summary>
internal static class LargeImages
{
    /// <summary>Pixels.</summary>
    private const int Least = 1 << 22;

    private static readonly Lock Turn = new();

    /// <summary>Waits where the image is large.</summary>
    /// <returns>What <see cref="Leave"/> is to be given.</returns>
    public static bool Enter(ImageSize size)
    {
        if (size.Pixels < Least) return false;
        Turn.Enter();
        return true;
    }

    public static void Leave(bool isLarge)
    {
        if (isLarge) Turn.Exit();
    }
}
