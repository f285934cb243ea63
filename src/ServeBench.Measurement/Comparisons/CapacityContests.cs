using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// Capacity: how many items per second each stack serves at its own best VALID level of a closed loop (decision 0103).
/// Levels differ between stacks on purpose: the question is what each can reach, not what it does at a level that suits another.
/// </summary>
internal static class CapacityContests
{
    public static IEnumerable<Contest> Of(IEnumerable<CaseResult> cases) =>
        from c in cases
        where c.Question == Questions.Capacity
        group c by new ContestKey(c.Question, c.Workload, c.Model, c.Host, c.Scenario, null) into contest
        select Make(contest.Key, StackPool.Of(contest));

    /// <summary>The level at which the pooled trials have the highest median; null when no level is VALID.</summary>
    public static string? BestLevel(StackPool pool) =>
        pool.Cases.Select(c => c.Level).Distinct()
            .Select(level => (Level: level, Values: StackPool.Values(pool.ValidAt(level), ItemThroughput.MetricId)))
            .Where(l => l.Values is not null)
            .OrderByDescending(l => Spread.MedianOf(l.Values!))
            .Select(l => l.Level)
            .FirstOrDefault();

    private static Contest Make(ContestKey key, IReadOnlyList<StackPool> pools)
    {
        var sides = new List<ComparisonSide>();
        var standing = new List<CaseResult>();
        foreach (var pool in pools)
        {
            if (BestLevel(pool) is not { } level)
            {
                sides.Add(pool.Absent("every level is INVALID"));
                continue;
            }
            var cases = pool.ValidAt(level);
            sides.Add(pool.Standing(level, StackPool.Values(cases, ItemThroughput.MetricId)!));
            standing.AddRange(cases);
        }
        var metric = standing.Count > 0 ? MetricCatalogue.Get(ItemThroughput.MetricId) : null;
        return new Contest(key, metric, sides, standing);
    }
}
