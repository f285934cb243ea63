namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images;

/// <summary>
/// Images that have to be in memory whole are decoded one after the other where they are large, so that no number of requests takes more
/// memory than one. Whoever waits for a turn keeps a thread, so that few may wait, and not for long.
/// </summary>
internal static class LargeImages
{
    /// <summary>Pixels.</summary>
    private const int Least = 1 << 22;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly int MostWaiting = Math.Max(1, Environment.ProcessorCount / 2);
    private static readonly Lock Decoding = new();
    private static int _waiting;

    /// <summary>Waits where the image is large.</summary>
    /// <returns>To be disposed of by the same thread, once the image and its buffers are not needed any more.</returns>
    /// <exception cref="DecodersBusyException">when too many wait, or the turn does not come soon.</exception>
    public static Turn Enter(ImageSize size)
    {
        if (size.Pixels < Least) return default;
        if (Decoding.TryEnter()) return new Turn(isTaken: true);
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting || !Decoding.TryEnter(Patience)) throw new DecodersBusyException();
            return new Turn(isTaken: true);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>The turn of one image; of a small one it is none.</summary>
    internal readonly ref struct Turn(bool isTaken)
    {
        public void Dispose()
        {
            if (isTaken) Decoding.Exit();
        }
    }
}

/// <summary>Says that an image cannot be decoded now, and may be later.</summary>
internal sealed class DecodersBusyException() : Exception("other large images are being decoded");
