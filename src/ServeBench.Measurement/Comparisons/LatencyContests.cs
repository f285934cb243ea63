using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// Latency: how long each stack takes at the same arrival rate, by p95, or by the highest percentile that every VALID stack's
/// samples support (decision 0103).
/// </summary>
internal static class LatencyContests
{
    private static readonly string[] Percentiles = [LatencyP95.MetricId, LatencyP90.MetricId, LatencyP50.MetricId];

    public static IEnumerable<Contest> Of(IEnumerable<CaseResult> cases) =>
        from c in cases
        where c.Question == Questions.Latency
        group c by new ContestKey(c.Question, c.Workload, c.Model, c.Host, c.Scenario, c.Level) into contest
        select Make(contest.Key, StackPool.Of(contest));

    /// <summary>The highest of the compared percentiles that all of these cases support; null when there is none.</summary>
    public static string? Percentile(IReadOnlyList<CaseResult> cases) =>
        cases.Count == 0 ? null : Percentiles.FirstOrDefault(p => cases.All(c => c.Median(p) is not null));

    private static Contest Make(ContestKey key, IReadOnlyList<StackPool> pools)
    {
        CaseResult[] standing = [.. pools.SelectMany(p => p.ValidAt(key.Level!))];
        var metric = Percentile(standing);
        var sides = new List<ComparisonSide>();
        foreach (var pool in pools)
        {
            var cases = pool.ValidAt(key.Level!);
            var values = metric is null ? null : StackPool.Values(cases, metric);
            if (values is not null) sides.Add(pool.Standing(key.Level!, values));
            else sides.Add(pool.Absent(cases.Count == 0 ? "its case is INVALID" : "too few samples for any percentile"));
        }
        return new Contest(key, metric is null ? null : MetricCatalogue.Get(metric), sides, standing);
    }
}
