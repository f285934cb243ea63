namespace ServeBench.Measurement.Metrics;

/// <summary>
/// Every percentile of a time that is published, whatever the time: of latency the usual ones, of the client's lag those that say
/// whether latency can be believed (lower ones where there are too few samples for a higher), of service latency one to compare with.
/// </summary>
public sealed class LatencyPercentiles : IMetricFamily
{
    public IReadOnlyList<IMetric> Members { get; } =
    [
        .. new[] { 0.5, 0.9, 0.95, 0.99, 0.999 }.Select(p => LatencyPercentile.EndToEnd(p)),
        .. new[] { 0.5, 0.9, 0.95, 0.99 }.Select(p => LatencyPercentile.ClientLag(p)),
        LatencyPercentile.Service(0.95),
    ];
}
