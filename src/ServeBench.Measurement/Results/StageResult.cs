using ServeBench.Measurement.Evaluation;

namespace ServeBench.Measurement.Results;

/// <summary>One stage of a ramp over the trials of a case.</summary>
/// <param name="From">The load at its start: requests in flight (closed) or per second (open).</param>
/// <param name="To">The load at its end.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Requests">Requests that were due in it, per second of it.</param>
/// <param name="Successes">Those of them that succeeded, per second of it.</param>
/// <param name="P50">Their median end-to-end latency, seconds.</param>
/// <param name="P95">Their 95th percentile, seconds.</param>
public sealed record StageResult(
    double From, double To, double Seconds, MetricResult Requests, MetricResult Successes, MetricResult P50, MetricResult P95)
{
    /// <param name="trials">The same stage in every trial.</param>
    internal static StageResult Of(IReadOnlyList<StagePart> trials)
    {
        var of = trials[0];
        return new StageResult(of.From, of.To, of.Seconds,
            MetricResult.Of([.. trials.Select(t => t.Requests / t.Seconds)]),
            MetricResult.Of([.. trials.Select(t => t.Successes / t.Seconds)]),
            Latency(trials, t => t.P50Seconds),
            Latency(trials, t => t.P95Seconds));
    }

    private static MetricResult Latency(IReadOnlyList<StagePart> trials, Func<StagePart, double?> of) => trials.All(t => of(t) is not null)
        ? MetricResult.Of([.. trials.Select(t => of(t)!.Value)])
        : MetricResult.Not("too few samples in the stage");
}
