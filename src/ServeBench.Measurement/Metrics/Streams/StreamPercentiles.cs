namespace ServeBench.Measurement.Metrics;

/// <summary>
/// The percentiles of the times of streamed answers: to the first token, per token, and between pieces. The lower ones are there where
/// there are too few samples for a higher.
/// </summary>
public sealed class StreamPercentiles : IMetricFamily
{
    /// <summary>Ids, where code must name them.</summary>
    public const string TtftP50 = "ttft-p50";
    public const string TtftP90 = "ttft-p90";
    public const string TtftP95 = "ttft-p95";
    public const string ItlP50 = "itl-p50";
    public const string ItlP90 = "itl-p90";
    public const string ItlP95 = "itl-p95";

    private const string Nothing = "no streamed answer succeeded";

    private static readonly double[] Published = [0.5, 0.9, 0.95, 0.99];

    public IReadOnlyList<IMetric> Members { get; } =
    [
        .. Published.Select(share => new LatencyPercentile(
            "ttft", "TTFT", share, "successful requests of (first token of the answer - intended send); a piece without text is no token",
            "method.md, definition of TTFT, and rule 2: from the intended send",
            s => s.Streams is { } streams ? streams.Ttft : default, Nothing)
        {
            IsOfStreams = true,
            Places = Places(share, "ttft", capacity: 30, latency: 100),
        }),
        .. Published.Select(share => new LatencyPercentile(
            "itl", "ITL", share, "the pooled gaps between successive pieces with text of the answers of successful requests",
            "method.md, definition of ITL", s => s.Streams is { } streams ? streams.Itl : default, Nothing)
        {
            IsOfStreams = true,
            Places = Places(share, "itl", capacity: 40, latency: 200),
        }),
        .. new[] { 0.5, 0.95 }.Select(share => new LatencyPercentile(
            "tpot", "TPOT", share,
            "successful requests with more than one output token of (end-to-end latency - TTFT) / (output tokens - 1)",
            "method.md, definition of TPOT", s => s.Streams is { } streams ? streams.Tpot : default, Nothing)
        {
            IsOfStreams = true,
            Places = [new TablePlace(CaseTables.Latency, 300 + (int)Math.Round(10 * share))],
        }),
    ];

    /// <summary>All in the table of latency; the highest of the usual ones that is supported, in that of capacity.</summary>
    private static TablePlace[] Places(double share, string name, int capacity, int latency) =>
    [
        new TablePlace(CaseTables.Latency, latency + (int)Math.Round(100 * share) - 49),
        .. share <= 0.95
            ? [new TablePlace(CaseTables.Capacity, capacity + (int)Math.Round(10 * (1 - share))) { OneOf = name }]
            : (TablePlace[])[],
    ];
}
