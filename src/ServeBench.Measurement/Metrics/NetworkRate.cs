namespace ServeBench.Measurement.Metrics;

/// <summary>What went through the network interface of the server, both directions together.</summary>
public sealed class NetworkRate : ITrialMetric
{
    public const string MetricId = "network-rate";

    public string Id => MetricId;

    public string Title => "Network";

    public Better Better => Better.Neither;

    public MetricUnit Unit => new MetricUnit("bytes/s", "kB/s", 1e-3);

    public string Formula =>
        "(bytes received + bytes sent by the server's network interface) / length of the measured window; headers are counted";

    public string Source => "the column 'transfer rate' that servers with large payloads are compared by";

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(
            trial.Record.Server is { ReceivedBytes: { } received, SentBytes: { } sent } ? trial.PerSecond(received + sent) : null,
            "the host has no network interface of the server's own");
}
