using ServeBench.Measurement.Evaluation;

namespace ServeBench.Measurement.Metrics;

/// <summary>
/// p95 of service latency: without the time that a request waited for a late client. Shown beside the end-to-end latency, so
/// that the difference between the two can be seen.
/// </summary>
public sealed class ServiceLatencyP95() : LatencyPercentile("service-latency", "Service", 0.95)
{
    public override string Formula => "p95 over successful requests of (last byte of the answer - actual send), linear interpolation at p(n-1)";

    public override string Source => "method.md, definition of end-to-end latency";

    public override IReadOnlyList<TablePlace> Places { get; } = [new(CaseTables.Latency, 1000)];

    private protected override ReadOnlySpan<long> Values(SampleDigest samples) => samples.Service;
}
