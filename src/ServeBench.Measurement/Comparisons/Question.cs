using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// A question that load can ask of stacks, as data. Each is one public class in one file with a parameterless constructor, found by
/// <see cref="KnownQuestions"/>. Scenarios name the question of their cases by its id; <see cref="CasesOf"/> says whose cases
/// one is asked of.
/// </summary>
public abstract class Question
{
    /// <summary>Unique and stable: what scenarios, results and baselines call it.</summary>
    public abstract string Id { get; }

    /// <summary>The id that the scenarios of its cases name: its own, unless it is asked of another question's cases as well.</summary>
    public virtual string CasesOf => Id;

    /// <summary>Questions are answered in ascending order.</summary>
    public abstract int Order { get; }

    /// <summary>The metrics that may decide it; the first is the one that people expect. Their direction is the question's.</summary>
    public abstract IReadOnlyList<string> Metrics { get; }

    /// <summary>The table that shows its cases: one of <see cref="CaseTables"/>.</summary>
    public abstract string Table { get; }

    /// <summary>
    /// True when it is asked of all stacks under the same load, level by level: its values are read against that load, and two runs can
    /// only be compared where they asked at the same one. False where each stack has a level of its own.
    /// </summary>
    public abstract bool IsAtOneLoad { get; }

    /// <summary>True when it is asked of another question's cases as well: charts with one point for a stack show the other.</summary>
    public bool IsBeside => CasesOf != Id;

    /// <summary>True when its answers are a rate at which stacks serve.</summary>
    public bool IsOfRates => Metrics.Any(m => m is ItemThroughput.MetricId or MaxRate.MetricId);

    /// <summary>The question as a person would ask it.</summary>
    /// <param name="items">What throughput counts, in the plural.</param>
    public abstract string Asked(string items);

    /// <summary>How it is asked, in whole sentences.</summary>
    public abstract string Explanation { get; }

    /// <summary>What the better of two does by some per cent: <c>more</c>, <c>faster</c>.</summary>
    public abstract string Ahead { get; }

    /// <summary>
    /// What is said of the worse of two, so that nobody takes the per cent for a share of the better: <c>best has 83 % more</c>,
    /// <c>143 % longer</c>.
    /// </summary>
    /// <param name="percent">By how much the better is ahead: <c>83 %</c>.</param>
    public abstract string Behind(string percent);

    /// <summary>The heading over values in the table of standings.</summary>
    /// <param name="metric">What decides most of the answers.</param>
    /// <param name="items">What throughput counts, in the plural.</param>
    public virtual string ValueHeading(IMetric metric, string items) => metric.Heading(items);

    /// <summary>True when values of different metrics may be in one table of standings, so that each says which it is.</summary>
    public abstract bool NamesMetrics { get; }

    /// <summary>The metrics that will decide the contests of a plan, of those in <see cref="Metrics"/>.</summary>
    /// <param name="cases">As for <see cref="CountContests"/>.</param>
    public virtual IReadOnlyList<string> MetricsOf(IReadOnlyList<PlannedCase> cases) => Metrics;

    /// <summary>How many contests a plan will make of its cases.</summary>
    /// <param name="cases">Each with its workload, model, scenario and level, and whether it searches for its rate.</param>
    public abstract int CountContests(IReadOnlyList<PlannedCase> cases);

    /// <summary>The contests of a run, in the order of its cases.</summary>
    internal abstract IEnumerable<Contest> Contests(IEnumerable<CaseResult> cases);
}

/// <summary>A case of a plan, as far as it decides how many contests there will be.</summary>
public sealed record PlannedCase(string Workload, string Model, string Scenario, string Level, bool IsSearch)
{
    /// <summary>Whether its answers are streams of text.</summary>
    public bool IsStreamed { get; init; }
}
