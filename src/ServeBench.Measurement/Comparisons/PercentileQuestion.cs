using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// A question about a time that stacks take under the same load, by p95; where fewer than two stacks' samples support that, by the highest
/// percentile that two support (decision 0103). A stack that lacks it costs the others nothing.
/// </summary>
public abstract class PercentileQuestion : Question
{
    public sealed override string Table => CaseTables.Latency;

    public sealed override bool IsAtOneLoad => true;

    public sealed override bool NamesMetrics => true;

    public override int CountContests(IReadOnlyList<PlannedCase> cases) =>
        cases.Select(c => (c.Workload, c.Model, c.Scenario, c.Level)).Distinct().Count();

    internal sealed override IEnumerable<Contest> Contests(IEnumerable<CaseResult> cases) =>
        from c in cases
        where c.Question == CasesOf && (!IsBeside || c.Metrics.ContainsKey(Metrics[0]))
        group c by new ContestKey(Id, c.Workload, c.Model, c.Host, c.Scenario, c.Level) into contest
        select Make(contest.Key, StackPool.Of(contest));

    private Contest Make(ContestKey key, IReadOnlyList<StackPool> pools)
    {
        int Support(string percentile) => pools.Count(p => p.Values(key.Level!, percentile).Count > 0);
        var metric = Metrics.FirstOrDefault(p => Support(p) >= 2) ?? Metrics.FirstOrDefault(p => Support(p) > 0);
        return new Contest(key, metric is null ? null : MetricCatalogue.Get(metric), [.. pools.Select(p => Entry(p, key.Level!, metric))]);
    }

    private Entry Entry(StackPool pool, string level, string? metric)
    {
        var values = metric is null ? [] : pool.Values(level, metric);
        if (values.Count > 0) return new Entry(pool.Standing(level, values), values);
        CaseResult[] cases = [.. pool.At(level)];
        var invalid = cases.All(c => c.Standing == Standing.Invalid);
        var lacking = cases
            .Select(c => c.Metrics.GetValueOrDefault(metric ?? Metrics[^1])?.NotMeasured)
            .FirstOrDefault(r => r is not null);
        return new Entry(pool.Lacking(cases, invalid ? "its case is INVALID" : lacking ?? "too few samples for any percentile"), []);
    }
}
