namespace ServeBench.Measurement.Metrics;

/// <summary>Items answered per second, whatever an item of the group is.</summary>
public sealed class ItemThroughput : ITrialMetric
{
    public const string MetricId = "item-throughput";

    public string Id => MetricId;

    public string Title => "Items";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.PerSecond;

    public string Formula => "items in successful requests / length of the measured window";

    public string Source => "method.md, definition of request throughput, counted in items";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Capacity, 10) { Always = true, WithRange = true }];

    public string Heading(string items) => $"{char.ToUpperInvariant(items[0])}{items[1..]}/s";

    public Measured Measure(TrialFacts trial) =>
        Measured.Of(trial.PerSecond(trial.Samples.SuccessfulItems));
}
