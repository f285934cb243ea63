using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Metrics;

/// <summary>
/// A percentile of a time over the requests of one trial, from pooled raw samples, with its interval. Not measured when there are too few
/// samples to support it (method.md, rule 14).
/// </summary>
public sealed class LatencyPercentile : ITrialMetric
{
    /// <summary>Ids, where code must name them.</summary>
    public const string P50 = "latency-p50";
    public const string P90 = "latency-p90";
    public const string P95 = "latency-p95";

    internal delegate ReadOnlySpan<long> Times(SampleDigest samples);

    private readonly Times _values;
    private readonly string _nothing;

    /// <param name="id">Beginning of the id.</param>
    /// <param name="title">Beginning of the title; may be empty.</param>
    /// <param name="share">0.95 for p95.</param>
    /// <param name="formula">What it is a percentile of.</param>
    /// <param name="source">Where the definition comes from.</param>
    /// <param name="values">Ascending nanoseconds.</param>
    /// <param name="nothing">Why there are none.</param>
    internal LatencyPercentile(
        string id, string title, double share, string formula, string source, Times values, string nothing = "no request succeeded")
    {
        Share = share;
        Id = $"{id}-{Name(share)}";
        Title = title.Length == 0 ? Name(share) : $"{title} {Name(share)}";
        Formula = $"{Name(share)} over {formula}, linear interpolation at p(n-1)";
        Source = source;
        _values = values;
        _nothing = nothing;
    }

    /// <summary>As a share: 0.95 for p95.</summary>
    public double Share { get; }

    public string Id { get; }

    public string Title { get; }

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Milliseconds;

    public string Formula { get; }

    public string Source { get; }

    /// <summary>Whether it is latency as a user sees it.</summary>
    public bool IsEndToEnd { get; private init; }

    /// <summary>End-to-end latency, as a user sees it.</summary>
    public static LatencyPercentile EndToEnd(double share) => new(
        "latency", "", share, "successful requests of (last byte of the answer - intended send)",
        "method.md, rules 2 and 14; coordinated omission after wrk2; support after MLPerf LoadGen's early stopping", s => s.EndToEnd)
    {
        IsEndToEnd = true,
        // All in the table of latency; the highest of the usual ones that is supported, in that of capacity.
        Places =
        [
            new(CaseTables.Latency, (int)Math.Round(1000 * share)),
            .. share <= 0.95
                ? [new TablePlace(CaseTables.Capacity, 100 + (int)Math.Round(100 * (1 - share))) { OneOf = "latency", Always = true }]
                : (TablePlace[])[],
        ],
    };

    /// <summary>How late the client was in sending, over every request that was sent at all.</summary>
    public static LatencyPercentile ClientLag(double share) => new(
        "lag",
        "Client lag",
        share,
        "requests sent of (actual send - intended send)",
        "method.md, rule 2",
        s => s.Lag,
        "no request was sent")
    {
        // The highest that is supported.
        Places = [new(CaseTables.Latency, 1100 + (int)Math.Round(100 * (1 - share))) { OneOf = "lag" }],
    };

    /// <summary>
    /// Latency without the time that a request waited for a late client. Shown beside the end-to-end latency, so that the difference
    /// between the two can be seen.
    /// </summary>
    public static LatencyPercentile Service(double share) => new(
        "service-latency",
        "Service",
        share,
        "successful requests of (last byte of the answer - actual send)",
        "method.md, definition of end-to-end latency",
        s => s.Service)
    {
        Places = [new(CaseTables.Latency, 1000)],
    };

    public IReadOnlyList<TablePlace> Places { get; internal init; } = [];

    /// <summary>Whether it is asked of streamed answers only.</summary>
    internal bool IsOfStreams { get; init; }

    public bool AppliesTo(LoadRecord load) => !IsOfStreams || load.StreamUnit is not null;

    public Measured Measure(TrialFacts trial)
    {
        var sorted = _values(trial.Samples);
        if (sorted.Length == 0) return Measured.Not(_nothing);
        return SampleSupport.Supports(Share, sorted.Length)
            ? Measured.Of(Percentile.OfSorted(sorted, Share) / SampleDigest.NanosecondsPerSecond) with { Interval = Interval(sorted) }
            : Measured.Not(
                $"{Ended(trial.Record)}{Name(Share)} needs at least {SampleSupport.Needed(Share):#,0} samples and there are "
                    + $"{sorted.Length:#,0}");
    }

    /// <summary>A driver whose scenarios have fixed lengths cannot wait for a closed loop's count (docs/k6.md).</summary>
    private static string Ended(TrialRecord record) =>
        record is { WarmUp.FixedLength: true, Load.Concurrency: not null }
            ? $"{record.Load.Driver} ends a closed loop's window by time alone, and "
            : "";

    private (double Low, double High)? Interval(ReadOnlySpan<long> sorted) => PercentileInterval.Places(sorted.Length, Share) is { } places
        ? (sorted[places.Low] / SampleDigest.NanosecondsPerSecond, sorted[places.High] / SampleDigest.NanosecondsPerSecond)
        : null;

    /// <summary>p99.9 for 0.999.</summary>
    public static string Name(double percentile) => FormattableString.Invariant($"p{Math.Round(percentile * 100, 6):0.######}");
}
