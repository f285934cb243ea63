namespace ServeBench.Measurement.Metrics;

/// <summary>Mean resident memory of the server over the measured window.</summary>
public sealed class MemoryMean : ITrialMetric
{
    public const string MetricId = "memory-mean";

    public string Id => MetricId;

    public string Title => "Memory";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Mebibytes;

    public string Formula => "mean of the readings of the resident set of the server's whole process tree or cgroup";

    public string Source => "method.md, definition of memory";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Resources, 30)];

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(trial.Record.Server.MeanResidentBytes, trial.Record.Server.Source);
}
