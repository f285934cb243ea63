namespace ServeBench.Measurement.Metrics;

/// <summary>Items (texts, images, prompts) answered per second; in the embeddings group: embeddings per second.</summary>
public sealed class ItemThroughput : ITrialMetric
{
    public const string MetricId = "item-throughput";

    public string Id => MetricId;

    public string Title => "Items";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.PerSecond;

    public string Formula => "items in successful requests / length of the measured window";

    public string Source => "method.md, definition of request throughput, counted in items";

    public Measured Measure(TrialFacts trial) =>
        Measured.Of(trial.PerSecond(trial.Samples.SuccessfulItems));
}
