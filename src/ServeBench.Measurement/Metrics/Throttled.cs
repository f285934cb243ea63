namespace ServeBench.Measurement.Metrics;

/// <summary>For how much of its time the server was stopped because its CPU quota was used up.</summary>
public sealed class Throttled : ITrialMetric
{
    public const string MetricId = "throttled";

    public string Id => MetricId;

    public string Title => "Throttled";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Percent;

    public string Formula =>
        "time for which the server was stopped because it had used its CPU quota up, "
            + "summed over its cores / (length of the measured window x its cores)";

    public string Source => "control groups: cpu.stat, throttled_time (version 1) or throttled_usec (version 2)";

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(
            trial.Record is { WindowSeconds: > 0 and var seconds, Server: { Cpus.Count: > 0 and var cores, ThrottledSeconds: { } stopped } }
                ? stopped / (seconds * cores)
                : null,
            trial.Record.Server.QuotaPeriods is null
                ? "the server had no CPU quota"
                : "how long the quota stopped the server was not recorded");
}
