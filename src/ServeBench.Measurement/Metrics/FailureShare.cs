namespace ServeBench.Measurement.Metrics;

/// <summary>Share of requests that failed, of any kind; the kinds are counted beside it (outcomes in results.json).</summary>
public sealed class FailureShare : ITrialMetric
{
    public const string MetricId = "failure-share";

    public string Id => MetricId;

    public string Title => "Failures";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Percent;

    public string Formula => "failed requests / requests, where failed is anything but success";

    public string Source => "method.md, rule 15";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Resources, 70)];

    public Measured Measure(TrialFacts trial) =>
        trial.Samples.Count == 0 ? Measured.Not("no request was made") : Measured.Of((double)trial.Samples.Failures / trial.Samples.Count);
}
