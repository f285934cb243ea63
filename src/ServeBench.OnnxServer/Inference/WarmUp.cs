using System.Diagnostics;

namespace ServeBench.OnnxServer.Inference;

/// <summary>
/// Executes a short and a longer text a few times before the first request is taken: the runtime lays out its memory, the code
/// is compiled, and the times tell what an execution costs beside its tokens.
/// </summary>
internal static class WarmUp
{
    private const int Short = 8;
    private const int Long = 64;
    private const int Rounds = 3;

    /// <summary>Measurements are taken to be wrong, and this to be right, above it.</summary>
    private const int MaximumOverhead = 256;

    /// <returns>The fixed cost of an execution, in tokens: the time of a short one beyond what its tokens take.</returns>
    public static int Run(IReadOnlyList<IEmbeddingRunner> runners, int token)
    {
        var overhead = double.MaxValue;
        foreach (var runner in runners)
        {
            var (brief, extended) = (double.MaxValue, double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                brief = Math.Min(brief, Seconds(runner, Short, token));
                extended = Math.Min(extended, Seconds(runner, Long, token));
            }
            var perToken = (extended - brief) / (Long - Short);
            // A longer text that is not slower (an accelerator with room to spare) makes padding free.
            overhead = Math.Min(overhead, perToken > 0 ? brief / perToken - Short : MaximumOverhead);
        }
        return (int)Math.Clamp(overhead, 0, MaximumOverhead);
    }

    private static double Seconds(IEmbeddingRunner runner, int tokens, int token)
    {
        Span<long> ids = stackalloc long[tokens];
        Span<long> mask = stackalloc long[tokens];
        ids.Fill(token);
        mask.Fill(1);
        var embedding = new float[runner.Dimensions];
        var began = Stopwatch.GetTimestamp();
        runner.Run(ids, mask, 1, tokens, embedding);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
