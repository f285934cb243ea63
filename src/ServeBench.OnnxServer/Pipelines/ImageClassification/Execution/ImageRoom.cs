using System.Numerics;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;

/// <summary>
/// The memory of all images of a model that wait or are executed: a few bytes of a file become a hundred million of an image, so that
/// limits on bodies and items alone would bound nothing. Room is taken before an image's memory is; the numbers of a tensor on their way
/// out of JSON are not counted, and bounded by its body.
/// </summary>
internal sealed class ImageRoom
{
    /// <summary>Bytes.</summary>
    public const long Most = 512L << 20;

    private long _taken;

    /// <summary>What so many bytes take: the shared pools give memory in powers of two.</summary>
    public static long SizeOf(long bytes) => (long)BitOperations.RoundUpToPowerOf2((ulong)bytes);

    /// <summary>Takes room.</summary>
    /// <returns>False when there is none; then nothing is taken.</returns>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= Most) return true;
        Give(bytes);
        return false;
    }

    /// <summary>Gives room back.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
