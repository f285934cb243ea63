namespace ServeBench.Measurement.Metrics;

/// <summary>How many cores the server kept busy.</summary>
public sealed class ServerCores : ITrialMetric
{
    public const string MetricId = "server-cores";

    public string Id => MetricId;

    public string Title => "Server CPU";

    public Better Better => Better.Neither;

    public MetricUnit Unit => MetricUnit.Cores;

    public string Formula => "CPU-seconds of the server's whole process tree or cgroup / length of the measured window";

    public string Source => "method.md, CPU per request; cores as in crank's CPU usage";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Resources, 10)];

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(trial.Record.Server.CpuSeconds / trial.Record.WindowSeconds, trial.Record.Server.Source);
}
