namespace ServeBench.Domain.Trials;

/// <param name="Inferences">Items inferred.</param>
/// <param name="Executions">Runtime executions (batches).</param>
public sealed record ServerCounters(double Inferences, double Executions)
{
    /// <summary>What its timers advanced by; null when its stack announces none, and in records of before they were read.</summary>
    public ServerTimings? Timings { get; init; }

    /// <summary>Why its stack's timers reported nothing, as the end of a sentence; null when they did, or there are none.</summary>
    public string? TimingsAbsence { get; init; }
}
