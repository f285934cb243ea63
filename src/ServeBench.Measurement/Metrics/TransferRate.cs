namespace ServeBench.Measurement.Metrics;

/// <summary>Bytes of request and response bodies of successful requests per second, both directions together.</summary>
public sealed class TransferRate : ITrialMetric
{
    public const string MetricId = "transfer-rate";

    public string Id => MetricId;

    public string Title => "Transfer";

    public Better Better => Better.Neither;

    public MetricUnit Unit => new MetricUnit("bytes/s", "kB/s", 1e-3);

    public string Formula =>
        "(successful requests x mean request body + response bodies of successful requests) / length of the measured window; "
            + "headers are not counted";

    public string Source => "the column 'transfer rate' that servers with large payloads are compared by";

    public IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Resources, 50)];

    public Measured Measure(TrialFacts trial) =>
        Measured.Of(
            trial.PerSecond((trial.Samples.Successes * trial.Record.Load.MeanRequestBytes) + trial.Samples.SuccessfulResponseBytes));
}
