namespace ServeBench.Measurement.Metrics;

/// <summary>Peak resident memory of the server over the measured window.</summary>
public sealed class MemoryPeak : ITrialMetric
{
    public const string MetricId = "memory-peak";

    public string Id => MetricId;

    public string Title => "Peak memory";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Mebibytes;

    public string Formula => "greatest reading of the resident set of the server's whole process tree or cgroup";

    public string Source => "method.md, definition of memory";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Resources, 40)];

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(trial.Record.Server.PeakResidentBytes, trial.Record.Server.Source);
}
