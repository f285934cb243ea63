using System.Diagnostics;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Execution;

/// <summary>
/// Executes a short and a longer text a few times before the first request is taken: the runtime lays out its memory, the code
/// is compiled, and the times show what an execution costs beside its tokens.
/// </summary>
internal static class WarmUp
{
    private const int Short = 8;
    private const int Long = 64;
    private const int Rounds = 3;

    /// <summary>Measurements are taken to be wrong, and this to be right, above it.</summary>
    private const int MaximumOverhead = 256;

    /// <param name="runners">Each is warmed; the first is timed.</param>
    /// <param name="token">Any token.</param>
    /// <param name="limit">The most tokens that a text may have.</param>
    public static ExecutionCost Run(IReadOnlyList<IEmbeddingRunner> runners, int token, int limit)
    {
        var extent = Math.Min(Long, limit);
        var (brief, extended) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            brief = Math.Min(brief, Seconds(runners[0], Math.Min(Short, limit), token));
            extended = Math.Min(extended, Seconds(runners[0], extent, token));
        }
        foreach (var runner in runners.Skip(1)) Seconds(runner, extent, token);
        var perToken = (extended - brief) / Math.Max(1, extent - Short);
        // A longer text that is not slower (an accelerator with room to spare) makes padding free.
        var overhead = perToken > 0 ? Math.Clamp(brief / perToken - Short, 0, MaximumOverhead) : MaximumOverhead;
        return new ExecutionCost(extended / (extent + overhead), (int)overhead);
    }

    private static double Seconds(IEmbeddingRunner runner, int tokens, int token)
    {
        runner.Ids[..tokens].Fill(token);
        runner.Mask[..tokens].Fill(1);
        var began = Stopwatch.GetTimestamp();
        runner.Run(1, tokens);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
