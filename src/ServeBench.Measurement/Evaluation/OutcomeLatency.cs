using ServeBench.Domain.Samples;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evaluation;

/// <summary>
/// How long it took until requests that failed in one way had failed, from when they were due. A refusal comes fast and a time-out slowly;
/// neither is part of any other latency.
/// </summary>
/// <param name="MedianSeconds">Median.</param>
/// <param name="LongestSeconds">Longest.</param>
public sealed record OutcomeLatency(double MedianSeconds, double LongestSeconds);

/// <summary>Collects the latencies of a trial's failures; dropped arrivals, which were never sent, have none.</summary>
internal sealed class FailureTimes
{
    private readonly SortedDictionary<Outcome, List<double>> _seconds = [];

    /// <param name="row">A request that was no success.</param>
    public void Add(in Sample row)
    {
        if (row.Outcome == Outcome.Dropped) return;
        if (!_seconds.TryGetValue(row.Outcome, out var of)) _seconds.Add(row.Outcome, of = []);
        of.Add(row.EndToEnd / SampleDigest.NanosecondsPerSecond);
    }

    /// <summary>By <see cref="Outcomes.Id"/>; ways in which none failed are absent.</summary>
    public IReadOnlyDictionary<string, OutcomeLatency> Latencies() => _seconds.ToDictionary(s => s.Key.Id(), s =>
    {
        var spread = Spread.Of(s.Value);
        return new OutcomeLatency(spread.Median, spread.Greatest);
    });
}
