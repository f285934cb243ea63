using ServeBench.Measurement.Evaluation;

namespace ServeBench.Measurement.Metrics;

/// <summary>How late the client was in sending, over every request that was sent at all.</summary>
public abstract class ClientLag(double percentile) : LatencyPercentile("lag", "Client lag", percentile)
{
    public override string Formula => $"{Name(Share)} over requests sent of (actual send - intended send), linear interpolation at p(n-1)";

    public override string Source => "method.md, rule 2";

    /// <summary>The highest that is supported.</summary>
    public override IReadOnlyList<TablePlace> Places => [new(CaseTables.Latency, 1100 + (int)Math.Round(100 * (1 - Share))) { OneOf = "lag" }];

    private protected override string NothingToMeasure => "no request was sent";

    private protected override ReadOnlySpan<long> Values(SampleDigest samples) => samples.Lag;
}
