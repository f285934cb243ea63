using ServeBench.Measurement.Evaluation;

namespace ServeBench.Measurement.Metrics;

/// <summary>End-to-end latency, as a user sees it.</summary>
public abstract class EndToEndLatency(double percentile) : LatencyPercentile("latency", "", percentile)
{
    public override string Formula =>
        $"{Name(Share)} over successful requests of (last byte of the answer - intended send), linear interpolation at p(n-1)";

    public override string Source => "method.md, rules 2 and 14; coordinated omission after wrk2; support after MLPerf LoadGen's early stopping";

    /// <summary>All in the table of latency; the highest of the usual ones that is supported, in that of capacity.</summary>
    public override IReadOnlyList<TablePlace> Places =>
    [
        new(CaseTables.Latency, (int)Math.Round(1000 * Share)),
        .. Share <= 0.95 ? [new TablePlace(CaseTables.Capacity, 100 + (int)Math.Round(100 * (1 - Share))) { OneOf = "latency", Always = true }] : (TablePlace[])[],
    ];

    private protected override ReadOnlySpan<long> Values(SampleDigest samples) => samples.EndToEnd;
}
