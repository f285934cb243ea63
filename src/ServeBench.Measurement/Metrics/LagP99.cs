using ServeBench.Measurement.Evaluation;

namespace ServeBench.Measurement.Metrics;

/// <summary>p99 of how late the client was in sending, over every request that was sent at all.</summary>
public sealed class LagP99() : LatencyPercentile("lag", "Client lag", 0.99)
{
    public override string Formula => "p99 over requests sent of (actual send - intended send), linear interpolation at p(n-1)";

    public override string Source => "method.md, rule 2";

    private protected override string NothingToMeasure => "no request was sent";

    private protected override ReadOnlySpan<long> Values(SampleDigest samples) => samples.Lag;
}
