using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Metrics;

/// <summary>
/// A percentile of a latency over the successful requests of one trial, from pooled raw samples, with its interval. Not measured
/// when there are too few samples to support it (method.md, rule 14).
/// </summary>
public abstract class LatencyPercentile(string idPrefix, string titlePrefix, double percentile) : ITrialMetric
{
    /// <summary>As a share: 0.95 for p95.</summary>
    public double Share { get; } = percentile;

    public string Id { get; } = $"{idPrefix}-{Name(percentile)}";

    public string Title { get; } = titlePrefix.Length == 0 ? Name(percentile) : $"{titlePrefix} {Name(percentile)}";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Milliseconds;

    public abstract string Formula { get; }

    public abstract string Source { get; }

    public abstract IReadOnlyList<TablePlace> Places { get; }

    public Measured Measure(TrialFacts trial)
    {
        var sorted = Values(trial.Samples);
        if (sorted.Length == 0) return Measured.Not(NothingToMeasure);
        return SampleSupport.Supports(Share, sorted.Length)
            ? Measured.Of(Percentile.OfSorted(sorted, Share) / SampleDigest.NanosecondsPerSecond) with { Interval = Interval(sorted) }
            : Measured.Not($"{Name(Share)} needs at least {SampleSupport.Needed(Share):#,0} samples and there are {sorted.Length:#,0}");
    }

    private (double Low, double High)? Interval(ReadOnlySpan<long> sorted) => PercentileInterval.Places(sorted.Length, Share) is { } places
        ? (sorted[places.Low] / SampleDigest.NanosecondsPerSecond, sorted[places.High] / SampleDigest.NanosecondsPerSecond)
        : null;

    /// <summary>p99.9 for 0.999.</summary>
    public static string Name(double percentile) => FormattableString.Invariant($"p{Math.Round(percentile * 100, 6):0.######}");

    /// <summary>Ascending nanoseconds.</summary>
    private protected abstract ReadOnlySpan<long> Values(SampleDigest samples);

    private protected virtual string NothingToMeasure => "no request succeeded";
}
