using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// Throughput in a closed loop, beside a capacity that was searched for: asked of the same sweep that is the capacity where nothing was
/// searched. It knows no objective, and scatters less than a search of short probes (decision 0033).
/// </summary>
public sealed class ThroughputQuestion : Question
{
    /// <summary>No scenario names it.</summary>
    public const string QuestionId = "throughput";

    public override string Id => QuestionId;

    public override string CasesOf => Questions.Capacity;

    public override int Order => 2;

    public override IReadOnlyList<string> Metrics { get; } = [ItemThroughput.MetricId];

    public override string Table => CaseTables.Capacity;

    public override bool IsAtOneLoad => false;

    public override string Asked(string items) => $"How many {items} per second does it serve with a fixed number of requests in flight?";

    public override string Explanation =>
        "As many requests as are said are kept in flight (a closed loop), however long their answers take: it knows no objective, and "
            + "scatters less than a search. Each stack is taken at the level that suits it best, with \"at least\" where that is the last "
            + "one tried.";

    public override string Ahead => "more";

    public override string Behind(string percent) => $"best has {percent} more";

    public override bool NamesMetrics => false;

    public override int CountContests(IReadOnlyList<PlannedCase> cases) => cases.GroupBy(c => (c.Workload, c.Model))
        .Where(w => w.Any(c => c.IsSearch))
        .Sum(w => w.Where(c => !c.IsSearch).Select(c => c.Scenario).Distinct().Count());

    internal override IEnumerable<Contest> Contests(IEnumerable<CaseResult> cases) =>
        from c in cases
        where c.Question == CasesOf
        group c by (c.Workload, c.Model, c.Host) into workload
        where workload.Any(c => c.Metrics.ContainsKey(MaxRate.MetricId))
        from c in workload
        where !c.Metrics.ContainsKey(MaxRate.MetricId)
        group c by new ContestKey(Id, c.Workload, c.Model, c.Host, c.Scenario, null) into contest
        select CapacityQuestion.Make(contest.Key, StackPool.Of(contest), ItemThroughput.MetricId);
}
