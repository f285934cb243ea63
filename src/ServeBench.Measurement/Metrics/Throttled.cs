namespace ServeBench.Measurement.Metrics;

/// <summary>How often the server was stopped because its CPU quota was used up.</summary>
public sealed class Throttled : ITrialMetric
{
    public const string MetricId = "throttled";

    public string Id => MetricId;

    public string Title => "Throttled";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Percent;

    public string Formula => "periods of the CPU quota in which the server had used it up / periods in the measured window";

    public string Source => "control groups: cpu.stat, nr_throttled and nr_periods";

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(trial.Record.Server is { QuotaPeriods: > 0 and var periods, ThrottledPeriods: { } throttled } ? (double)throttled / periods : null, "the server had no CPU quota");
}
