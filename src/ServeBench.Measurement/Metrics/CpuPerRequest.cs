namespace ServeBench.Measurement.Metrics;

/// <summary>CPU time of the server per successful request.</summary>
public sealed class CpuPerRequest : ITrialMetric
{
    public const string MetricId = "cpu-per-request";

    public string Id => MetricId;

    public string Title => "CPU per request";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Milliseconds;

    public string Formula => "CPU-seconds of the server's whole process tree or cgroup / successful requests";

    public string Source => "method.md, definition of CPU per request";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Resources, 20)];

    public Measured Measure(TrialFacts trial)
    {
        if (trial.Samples.Successes == 0) return Measured.Not("no request succeeded");
        return Measured.OfOptional(trial.Record.Server.CpuSeconds / trial.Samples.Successes, trial.Record.Server.Source);
    }
}
