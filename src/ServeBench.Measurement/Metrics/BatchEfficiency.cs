namespace ServeBench.Measurement.Metrics;

/// <summary>
/// How well throughput grows with the number of items that the server could batch. In a closed loop that number, b, is
/// the items in flight (requests in flight times items per request): a server can never see more than b items at once. A
/// server that works on one item at a time without waiting has 1/b; 1 would be b times the throughput of a single item.
/// </summary>
public sealed class BatchEfficiency : ISweepMetric
{
    public const string MetricId = "batch-efficiency";

    public string Id => MetricId;

    public string Title => "Batch efficiency";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.Percent;

    public string Formula =>
        "throughput(b) / (b x throughput(1)), where b is the number of items in flight at this level of the closed loop and " +
        "throughput(1) " +
        "is the item throughput of the same deployment with one item in flight; the average batch is shown beside it";

    public string Source => "method.md, definition of batch efficiency; decision 0105";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Capacity, 300)];

    public Measured Measure(SweepPoint point, IReadOnlyList<SweepPoint> sweep)
    {
        var single = sweep.FirstOrDefault(p => p.ItemsInFlight == 1);
        if (single is null) return Measured.Not("the sweep has no level with one item in flight");
        if (single.ItemsPerSecond is not > 0) return Measured.Not("nothing succeeded with one item in flight");
        return Measured.OfOptional(point.ItemsPerSecond / (point.ItemsInFlight * single.ItemsPerSecond), "nothing succeeded at this level");
    }
}
