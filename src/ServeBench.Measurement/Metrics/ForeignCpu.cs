namespace ServeBench.Measurement.Metrics;

/// <summary>What else ran on the server's cores.</summary>
public sealed class ForeignCpu : ITrialMetric
{
    public const string MetricId = "foreign-cpu";

    public string Id => MetricId;

    public string Title => "Foreign CPU";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Percent;

    public string Formula =>
        "(busy time of the server's cores - CPU-seconds of the server) / (length of the measured window x number of those cores); "
            + "the system's work for the server's connections is in it";

    public string Source => "method.md, rule 4: nothing else is to run where the server runs";

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(Share(trial), "how busy the server's cores were is not known");

    private static double? Share(TrialFacts trial)
    {
        var server = trial.Record.Server;
        if (server is not { CoresBusySeconds: { } busy, CpuSeconds: { } own } || server.Cpus.Count == 0) return null;
        return Math.Max(0, busy - own) / (trial.Record.WindowSeconds * server.Cpus.Count);
    }
}
