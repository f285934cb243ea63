namespace ServeBench.Measurement.Metrics;

/// <summary>Mean number of items that the server's runtime executed together.</summary>
public sealed class AverageBatch : ITrialMetric
{
    public const string MetricId = "average-batch";

    public string Id => MetricId;

    public string Title => "Average batch";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.Ratio;

    public string Formula => "inferences / executions, from the advance of the server's own counters over the measured window";

    public string Source => "method.md, definition of average batch";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Capacity, 400)];

    public Measured Measure(TrialFacts trial)
    {
        if (trial.Record.Counters is not { } counters)
            return Measured.Not(trial.Record.CountersAbsence ?? "no counters are recorded, nor why");
        return counters.Executions > 0
            ? Measured.Of(counters.Inferences / counters.Executions)
            : Measured.Not("the server counted no execution in the window");
    }
}
