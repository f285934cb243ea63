using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Streams;

/// <summary>The objectives of a workload on streamed answers: p95 of the time to the first token, and of the gaps between pieces.</summary>
internal static class StreamObjectives
{
    /// <summary>With fewer answers one of them is more than the twentieth that may come late.</summary>
    private const int LeastAnswers = 20;

    /// <summary>Whether there are any.</summary>
    public static bool AreIn(LoadRecord load) =>
        load.StreamUnit is not null && (load.ObjectiveTtftP95Seconds is not null || load.ObjectiveItlP95Seconds is not null);

    /// <param name="trial">With the objectives, and what was measured.</param>
    /// <param name="found">What the verdict rules found in the trial.</param>
    /// <returns>Whether they were held; null, with the reason, where that is not known.</returns>
    public static (bool? Value, string? Unknown) Held(TrialFacts trial, IReadOnlyList<Severity> found)
    {
        var load = trial.Record.Load;
        if (!AreIn(load) || trial.Samples.Streams is not { } streams) return (null, "the workload has no objectives on streamed answers");
        if (found.Contains(Severity.Saturated)) return (false, null);
        if (found.Contains(Severity.Invalid)) return (null, "the trial is INVALID");
        if (streams.Ttft.Length < LeastAnswers)
            return (null, $"{LeastAnswers} answers are needed at least and there are {streams.Ttft.Length}");
        if (load.ObjectiveItlP95Seconds is not null && streams.Itl.IsEmpty)
            return (null, "answers came in one piece, so that there are no gaps between tokens");
        return (IsWithin(streams.Ttft, load.ObjectiveTtftP95Seconds) && IsWithin(streams.Itl, load.ObjectiveItlP95Seconds), null);
    }

    /// <summary>The 95th of a hundred, however many there are: what probes of a search are judged by, too.</summary>
    public static double P95(ReadOnlySpan<long> sorted) => sorted.IsEmpty
        ? 0
        : sorted[Math.Max(0, (int)Math.Ceiling(0.95 * sorted.Length) - 1)] / SampleDigest.NanosecondsPerSecond;

    private static bool IsWithin(ReadOnlySpan<long> sorted, double? objective) => objective is not { } limit || P95(sorted) <= limit;
}
