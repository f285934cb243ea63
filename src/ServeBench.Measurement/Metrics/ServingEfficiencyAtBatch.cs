using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>
/// How much of the raw runtime's throughput is left with a server around it, where both have the same number of items to put together.
/// </summary>
public sealed class ServingEfficiencyAtBatch : ITrialMetric
{
    public const string MetricId = "serving-efficiency-at-batch";

    public string Id => MetricId;

    public string Title => "Of raw at that batch";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.Percent;

    public string Formula =>
        "item throughput / item throughput of the raw runtime with as many items in a batch as this level keeps in flight, as the sweep "
            + "over batch sizes before the run has it; of work whose throughput grows with the batch for long, as decoding does, the best "
            + "batch says little about a few users";

    public string Source => "method.md, definition of serving efficiency, level by level; decision 0151";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Capacity, 610)];

    public bool AppliesTo(LoadRecord load) => load.StreamUnit is not null && load.Concurrency is not null;

    public Measured Measure(TrialFacts trial) => trial.Record.Between is not null
        ? Measured.Not("the raw runtime was measured on the client's machine, and the server ran on another")
        : trial.CeilingAtItemsInFlight is { } ceiling
            ? Measured.Of(trial.PerSecond(trial.Samples.SuccessfulItems) / ceiling)
            : Measured.Not("the raw runtime was not measured with as many items in a batch");
}
