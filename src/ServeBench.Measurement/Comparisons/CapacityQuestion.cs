using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// Capacity: the largest rate under the objective where it was searched for; else how many items per second each stack serves at
/// its own best level of a closed loop (decision 0103). Levels differ between stacks on purpose: the question is what each can
/// reach, not what it does at a level that suits another.
/// </summary>
public sealed class CapacityQuestion : Question
{
    public override string Id => Questions.Capacity;

    public override int Order => 1;

    public override IReadOnlyList<string> Metrics { get; } = [ItemThroughput.MetricId, MaxRate.MetricId];

    public override string Table => CaseTables.Capacity;

    public override bool IsAtOneLoad => false;

    public override string Asked(string items) => $"How many {items} per second can it serve?";

    public override string Explanation =>
        "The largest rate that meets the objectives where it was searched for; "
            + "else a fixed number of requests is kept in flight (a closed loop) and each stack is taken at the level that suits it best, "
            + "with \"at least\" where that is the last one tried.";

    public override string Ahead => "more";

    public override string Behind(string percent) => $"best has {percent} more";

    public override bool NamesMetrics => false;

    public override IReadOnlyList<string> MetricsOf(IReadOnlyList<PlannedCase> cases) =>
    [
        .. cases.GroupBy(c => (c.Workload, c.Model))
            .Select(w => w.Any(c => c.IsSearch) ? MaxRate.MetricId : ItemThroughput.MetricId)
            .Distinct(),
    ];

    /// <summary>At a stack's best level, and searched rates instead of curves where there are any.</summary>
    public override int CountContests(IReadOnlyList<PlannedCase> cases) => cases.GroupBy(c => (c.Workload, c.Model))
        .Sum(w => (w.Any(c => c.IsSearch) ? w.Where(c => c.IsSearch) : w).Select(c => c.Scenario).Distinct().Count());

    internal override IEnumerable<Contest> Contests(IEnumerable<CaseResult> cases) =>
        from c in cases
        where c.Question == Id
        group c by (c.Workload, c.Model, c.Host) into workload
        let searched = workload.Where(c => c.Metrics.ContainsKey(MaxRate.MetricId)).ToArray()
        // Where the rate was searched for, the sweep answers a question of its own.
        from c in searched.Length > 0 ? searched : [.. workload]
        group c by new ContestKey(c.Question, c.Workload, c.Model, c.Host, c.Scenario, null) into contest
        select Make(
            contest.Key,
            StackPool.Of(contest),
            contest.Any(c => c.Metrics.ContainsKey(MaxRate.MetricId)) ? MaxRate.MetricId : ItemThroughput.MetricId);

    internal static Contest Make(ContestKey key, IReadOnlyList<StackPool> pools, string metric)
    {
        Entry[] entries = [.. pools.Select(p => Entry(p, metric))];
        return new Contest(key, entries.Any(e => e.Values.Count > 0) ? MetricCatalogue.Get(metric) : null, entries);
    }

    /// <summary>The stack at the level with the highest median.</summary>
    private static Entry Entry(StackPool pool, string metric)
    {
        string[] levels = [.. pool.Cases.Select(c => c.Level).Distinct()];
        var best = levels.Select(level => (Level: level, Values: pool.Values(level, metric))).Where(l => l.Values.Count > 0)
            .OrderByDescending(l => Spread.MedianOf(l.Values.Select(v => v.Value))).FirstOrDefault();
        if (best.Level is null) return new Entry(pool.Lacking(pool.Cases, Absence(pool, metric), metric), []);
        var edge = metric != MaxRate.MetricId ? levels.Length > 1 && best.Level == levels[^1] : pool.IsAtLeast(best.Level);
        return new Entry(pool.Standing(best.Level, best.Values) with { AtLeast = edge }, best.Values);
    }

    private static string Absence(StackPool pool, string metric) =>
        pool.Cases.All(c => c.Standing == Standing.Invalid)
            ? "every level is INVALID"
            : pool.Cases.Select(c => c.Metrics.GetValueOrDefault(metric)?.NotMeasured).FirstOrDefault(r => r is not null)
                ?? "too few trials count";
}
