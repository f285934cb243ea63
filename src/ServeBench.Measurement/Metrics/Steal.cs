namespace ServeBench.Measurement.Metrics;

/// <summary>How much of the server's cores' time the hypervisor gave to others.</summary>
public sealed class Steal : ITrialMetric
{
    public const string MetricId = "steal";

    public string Id => MetricId;

    public string Title => "Steal";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Percent;

    public string Formula =>
        "time that the hypervisor took from the server's cores / (length of the measured window x number of those cores)";

    public string Source => "proc_stat(5): steal, the time spent in other operating systems when running in a virtualized environment";

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(
            trial.Record is { WindowSeconds: > 0 and var seconds, Server: { Cpus.Count: > 0 and var cores, StolenSeconds: { } stolen } }
                ? stolen / (seconds * cores)
                : null,
            "what the hypervisor took from the server's cores was not recorded");
}
