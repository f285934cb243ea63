using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>
/// An open loop whose client sent so late that its own lateness is a noticeable part of the latency it reports (method.md, rules
/// 2 and 3). Compared at p95, or at the highest percentile below it that the samples support.
/// </summary>
public sealed class ClientLate : IVerdictRule
{
    /// <summary>Largest lag as a share of the latency at the same percentile.</summary>
    public const double LimitShare = 0.1;

    /// <summary>A lag that is smaller than this never counts, seconds.</summary>
    public const double LimitSeconds = 0.0002;

    private static readonly double[] Percentiles = [0.95, 0.9, 0.5];

    public string Id => "client-late";

    public Finding? Check(TrialFacts trial)
    {
        var samples = trial.Samples;
        if (!trial.Record.Load.Shape.IsOpen) return null;
        if (Percentiles.FirstOrDefault(p => SampleSupport.Supports(p, samples.Successes)) is not (> 0 and var percentile)) return null;
        var lag = Percentile.OfSorted(samples.Lag, percentile) / Evaluation.SampleDigest.NanosecondsPerSecond;
        var latency = Percentile.OfSorted(samples.EndToEnd, percentile) / Evaluation.SampleDigest.NanosecondsPerSecond;
        if (lag <= Math.Max(LimitSeconds, LimitShare * latency)) return null;
        var name = $"p{percentile * 100:0}";
        return new Finding(Id, Severity.Invalid,
            $"the client was late: it sent {NumberText.WithUnit(MetricUnit.Milliseconds, lag)} after the request was due at {name}, " +
            "where latency is " +
            $"{NumberText.WithUnit(MetricUnit.Milliseconds, latency)}; the limit is {NumberText.Limit(LimitShare)} of it",
            "Stop what else runs on the client's cores, give it more of them, or lower the rate");
    }
}
