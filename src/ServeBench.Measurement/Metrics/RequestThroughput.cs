namespace ServeBench.Measurement.Metrics;

/// <summary>Successful requests per second.</summary>
public sealed class RequestThroughput : ITrialMetric
{
    public const string MetricId = "request-throughput";

    public string Id => MetricId;

    public string Title => "Requests";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.PerSecond;

    public string Formula => "successful requests / length of the measured window";

    public string Source => "method.md, definition of request throughput";

    public Measured Measure(TrialFacts trial) =>
        Measured.Of(trial.PerSecond(trial.Samples.Successes));
}
