namespace ServeBench.Measurement.Metrics;

/// <summary>Requests per second that met every objective of the case.</summary>
public sealed class Goodput : ITrialMetric
{
    public const string MetricId = "goodput";

    public string Id => MetricId;

    public string Title => "Goodput";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.PerSecond;

    public string Formula =>
        "successful requests whose end-to-end latency, time to the first token and mean gap between pieces of the answer are within "
            + "the objectives on latency, TTFT and ITL (where the workload has them) / length of the measured window";

    public string Source => "method.md, definition of goodput";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Latency, 1200)];

    public Measured Measure(TrialFacts trial) =>
        Measured.Of(trial.PerSecond(trial.Samples.WithinObjective));
}
