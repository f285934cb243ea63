namespace ServeBench.Measurement.Metrics;

/// <summary>Failed requests per second, of any kind.</summary>
public sealed class FailureRate : ITrialMetric
{
    public const string MetricId = "failure-rate";

    public string Id => MetricId;

    public string Title => "Failures";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.PerSecond;

    public string Formula => "failed requests / length of the measured window";

    public string Source => "method.md, rule 15";

    public Measured Measure(TrialFacts trial) =>
        trial.Samples.Count == 0 ? Measured.Not("no request was made") : Measured.Of(trial.PerSecond(trial.Samples.Failures));
}
