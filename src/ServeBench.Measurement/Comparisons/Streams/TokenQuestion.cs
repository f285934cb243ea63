using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>How many output tokens per second each stack gives at its own best level of a closed loop, of streamed answers.</summary>
public sealed class TokenQuestion : Question
{
    public override string Id => "output-tokens";

    public override string CasesOf => Questions.Capacity;

    public override int Order => 4;

    public override IReadOnlyList<string> Metrics { get; } = [OutputThroughput.MetricId];

    public override string Table => CaseTables.Capacity;

    public override bool IsAtOneLoad => false;

    public override string Asked(string items) => "How many tokens per second does it generate with a fixed number of users?";

    public override string Explanation =>
        "As many users as are said ask again as soon as they are answered (a closed loop); tokens are counted in the text of the answers. "
            + "Each stack is taken at the level that suits it best, with \"at least\" where that is the last one tried.";

    public override string Ahead => "more";

    public override string Behind(string percent) => $"best has {percent} more";

    public override bool NamesMetrics => false;

    public override int CountContests(IReadOnlyList<PlannedCase> cases) =>
        cases.Where(c => c is { IsStreamed: true, IsSearch: false }).Select(c => (c.Workload, c.Model, c.Scenario)).Distinct().Count();

    internal override IEnumerable<Contest> Contests(IEnumerable<CaseResult> cases) =>
        from c in cases
        where c.Question == CasesOf && c.Metrics.ContainsKey(OutputThroughput.MetricId) && !c.Metrics.ContainsKey(MaxRate.MetricId)
        group c by new ContestKey(Id, c.Workload, c.Model, c.Host, c.Scenario, null) into contest
        select CapacityQuestion.Make(contest.Key, StackPool.Of(contest), OutputThroughput.MetricId);
}
