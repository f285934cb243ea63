using ServeBench.Domain.Samples;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evaluation;

/// <summary>
/// How long it took until requests that failed in one way had failed, from when they were due. A refusal comes fast and a time-out slowly;
/// neither is part of any other latency.
/// </summary>
/// <param name="MedianSeconds">Median.</param>
/// <param name="LongestSeconds">Longest.</param>
public sealed record OutcomeLatency(double MedianSeconds, double LongestSeconds)
{
    /// <summary>By <see cref="Outcomes.Id"/>; ways in which none failed are absent, and dropped arrivals, which were never sent.</summary>
    public static IReadOnlyDictionary<string, OutcomeLatency> Of(SampleTable table)
    {
        var latencies = new SortedDictionary<Outcome, List<double>>();
        foreach (ref readonly var row in table.Rows)
        {
            if (row.Outcome is Outcome.Success or Outcome.Dropped) continue;
            if (!latencies.TryGetValue(row.Outcome, out var of)) latencies.Add(row.Outcome, of = []);
            of.Add(row.EndToEnd / SampleDigest.NanosecondsPerSecond);
        }
        return latencies.ToDictionary(l => l.Key.Id(), l => new OutcomeLatency(Spread.MedianOf(l.Value), l.Value.Max()));
    }
}
