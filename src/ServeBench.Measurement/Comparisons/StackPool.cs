using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>A stack's cases under all its labels: the A/A twin is the same treatment, so its trials count as the stack's own.</summary>
internal sealed record StackPool(string Stack, IReadOnlyList<CaseResult> Cases)
{
    public IReadOnlyList<string> Contenders { get; } = [.. Cases.Select(c => c.Contender).Distinct()];

    /// <summary>In the order in which stacks first appear.</summary>
    public static IReadOnlyList<StackPool> Of(IEnumerable<CaseResult> cases) =>
        [.. cases.GroupBy(c => c.Stack).Select(g => new StackPool(g.Key, [.. g]))];

    /// <summary>The cases of one level, or none when any of them is INVALID.</summary>
    public IReadOnlyList<CaseResult> ValidAt(string level)
    {
        CaseResult[] cases = [.. Cases.Where(c => c.Level == level)];
        return cases.All(c => c.Valid) ? cases : [];
    }

    /// <summary>Where the stack stands.</summary>
    public ComparisonSide Standing(string level, IReadOnlyList<double> values) =>
        new(Stack, Contenders, level, values, Rounded.Of(Spread.MedianOf(values)));

    /// <summary>A stack that cannot stand.</summary>
    public ComparisonSide Absent(string why) => new(Stack, Contenders, null, [], null, why);

    /// <summary>The values of a metric over all trials of some cases; null when any case lacks it.</summary>
    public static IReadOnlyList<double>? Values(IReadOnlyList<CaseResult> cases, string metric) =>
        cases.Count > 0 && cases.All(c => c.Median(metric) is not null)
            ? [.. cases.SelectMany(c => c.Trials).Where(t => t.Spoiled is null).Select(t => t.Values[metric])]
            : null;
}
