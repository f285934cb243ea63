using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Streams;

/// <summary>The objectives of a workload on streamed answers: p95 of the time to the first token, and of the gaps between pieces.</summary>
internal static class StreamObjectives
{
    /// <summary>Whether there are any.</summary>
    public static bool AreIn(LoadRecord load) =>
        load.StreamUnit is not null && (load.ObjectiveTtftP95Seconds is not null || load.ObjectiveItlP95Seconds is not null);

    /// <param name="load">With the objectives.</param>
    /// <param name="values">What was measured.</param>
    /// <param name="isServed">False where the server could not do what was asked at all.</param>
    /// <returns>Whether they were held; null, with the reason, where that is not known.</returns>
    public static (bool? Value, string? Unknown) Held(
        LoadRecord load, IReadOnlyDictionary<string, Measured> values, bool isServed)
    {
        if (!AreIn(load)) return (null, "the workload has no objectives on streamed answers");
        if (!isServed) return (false, null);
        (double? Limit, string Metric)[] objectives =
        [
            (load.ObjectiveTtftP95Seconds, StreamPercentiles.TtftP95),
            (load.ObjectiveItlP95Seconds, StreamPercentiles.ItlP95),
        ];
        foreach (var (limit, metric) in objectives.Where(o => o.Limit is not null))
        {
            if (values[metric].Value is { } value && value > limit) return (false, null);
        }
        var unknown = objectives.Where(o => o.Limit is not null).Select(o => values[o.Metric].Reason).FirstOrDefault(r => r is not null);
        return unknown is null ? (true, null) : (null, unknown);
    }
}
