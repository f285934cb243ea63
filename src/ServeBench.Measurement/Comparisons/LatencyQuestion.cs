using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// Latency: how long each stack takes at the same arrival rate, by p95; where fewer than two stacks' samples support that, by the
/// highest percentile that two support (decision 0103). A stack that lacks it costs the others nothing.
/// </summary>
public sealed class LatencyQuestion : Question
{
    public override string Id => Questions.Latency;

    public override int Order => 3;

    public override IReadOnlyList<string> Metrics => Percentiles;

    public override string Table => CaseTables.Latency;

    public override bool IsAtOneLoad => true;

    public override string Asked(string items) => "How long does an answer take when all get the same load?";

    public override string Explanation =>
        "Requests arrive on a schedule that does not wait for answers (an open loop), the same for every stack; "
            + "latency counts from when a request was due.";

    public override string Ahead => "faster";

    public override string Behind(string percent) => $"{percent} longer";

    public override string ValueHeading(IMetric metric, string items) => $"Latency ({metric.Unit.Shown})";

    public override bool NamesMetrics => true;

    public override int CountContests(IReadOnlyList<PlannedCase> cases) =>
        cases.Select(c => (c.Workload, c.Model, c.Scenario, c.Level)).Distinct().Count();

    private static readonly string[] Percentiles = [LatencyPercentile.P95, LatencyPercentile.P90, LatencyPercentile.P50];

    internal override IEnumerable<Contest> Contests(IEnumerable<CaseResult> cases) =>
        from c in cases
        where c.Question == Id
        group c by new ContestKey(c.Question, c.Workload, c.Model, c.Host, c.Scenario, c.Level) into contest
        select Make(contest.Key, StackPool.Of(contest));

    private static Contest Make(ContestKey key, IReadOnlyList<StackPool> pools)
    {
        int Support(string percentile) => pools.Count(p => p.Values(key.Level!, percentile).Count > 0);
        var metric = Percentiles.FirstOrDefault(p => Support(p) >= 2) ?? Percentiles.FirstOrDefault(p => Support(p) > 0);
        return new Contest(key, metric is null ? null : MetricCatalogue.Get(metric), [.. pools.Select(p => Entry(p, key.Level!, metric))]);
    }

    private static Entry Entry(StackPool pool, string level, string? metric)
    {
        var values = metric is null ? [] : pool.Values(level, metric);
        if (values.Count > 0) return new Entry(pool.Standing(level, values), values);
        CaseResult[] cases = [.. pool.At(level)];
        var invalid = cases.All(c => c.Standing == Standing.Invalid);
        var lacking = cases
            .Select(c => c.Metrics.GetValueOrDefault(metric ?? Percentiles[^1])?.NotMeasured)
            .FirstOrDefault(r => r is not null);
        return new Entry(pool.Lacking(cases, invalid ? "its case is INVALID" : lacking ?? "too few samples for any percentile"), []);
    }
}
