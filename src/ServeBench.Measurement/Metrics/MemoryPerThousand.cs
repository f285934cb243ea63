namespace ServeBench.Measurement.Metrics;

/// <summary>
/// Memory that has to be held to serve a thousand items per second. Divided by a rate, not by a count of items, so that it does
/// not depend on how long was measured.
/// </summary>
public sealed class MemoryPerThousand : ITrialMetric
{
    public const string MetricId = "memory-per-1k";

    public string Id => MetricId;

    public string Title => "Memory per 1k items/s";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Mebibytes;

    public string Formula => "mean resident memory / (items in successful requests per second / 1000)";

    public string Source => "the column 'memory per 1k' of published comparisons of servers; decision 0104";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Capacity, 500)];

    public string Heading(string items) => $"{Unit.Shown} per 1k {items}/s";

    public Measured Measure(TrialFacts trial)
    {
        if (trial.Samples.SuccessfulItems == 0) return Measured.Not("no request succeeded");
        var thousandsPerSecond = trial.PerSecond(trial.Samples.SuccessfulItems) / 1000;
        return Measured.OfOptional(trial.Record.Server.MeanResidentBytes / thousandsPerSecond, trial.Record.Server.Source);
    }
}
