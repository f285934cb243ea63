using ServeBench.Domain.Wording;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Comparisons;

/// <summary>One trial's value with what it shares with others.</summary>
/// <param name="Contender">The label: the stack's own, or its twin's.</param>
/// <param name="Block">The run that measured it and the block: trials with the same one saw the same machine.</param>
internal sealed record BlockedValue(string Contender, (string Run, int Number) Block, double Value);

/// <summary>A stack's cases under all its labels: the A/A twin is the same treatment, so its trials count as the stack's own.</summary>
internal sealed record StackPool(string Stack, IReadOnlyList<CaseResult> Cases)
{
    public IReadOnlyList<string> Contenders { get; } = [.. Cases.Select(c => c.Contender).Distinct()];

    /// <summary>In the order in which stacks first appear.</summary>
    public static IReadOnlyList<StackPool> Of(IEnumerable<CaseResult> cases) =>
        [.. cases.GroupBy(c => c.Stack).Select(g => new StackPool(g.Key, [.. g]))];

    /// <summary>
    /// What the stack can show of a metric at a level: the values of its trials that count, or none when it is saturated, INVALID under
    /// all its labels, or more than half of its trials lack the metric. A spoiled trial costs that trial only; one in which the server
    /// served nothing has no ratio to any other, and is a defeat.
    /// </summary>
    public IReadOnlyList<BlockedValue> Values(string level, string metric)
    {
        CaseResult[] cases = [.. At(level)];
        if (cases.Any(c => c.Standing == Results.Standing.Saturated) || ServedNothing(level, metric).Count > 0) return [];
        TrialResult[] trials = [.. Counted(level)];
        BlockedValue[] values =
        [
            .. from c in cases
               where c.Valid
               from t in c.Trials
               where t.Spoiled is null && t.Values.ContainsKey(metric)
               select new BlockedValue(c.Contender, (t.MeasuredByRun, t.Block), t.Values[metric]),
        ];
        return values.Length * 2 > trials.Length ? values : [];
    }

    /// <summary>The trials in which a metric that is never zero for a server that works was zero.</summary>
    public IReadOnlyList<TrialResult> ServedNothing(string level, string metric) =>
        [.. Counted(level).Where(t => t.Values.TryGetValue(metric, out var value) && value <= 0)];

    /// <summary>Whether most of the searches that count ended before any rate failed.</summary>
    public bool IsAtLeast(string level)
    {
        TrialResult[] counted = [.. Counted(level)];
        return counted.Count(t => t.AtLeast == true) * 2 > counted.Length;
    }

    /// <summary>The side of the stack with some values, one at least.</summary>
    public ComparisonSide Standing(string level, IReadOnlyList<BlockedValue> values) =>
        new(Stack, Contenders, level, [.. values.Select(v => v.Value)], Rounded.Of(Spread.MedianOf(values.Select(v => v.Value))))
        {
            Standing = Results.Standing.Valid,
            Unsettled = At(level).All(c => !c.Settled),
        };

    /// <summary>A stack without values: saturated where it could not do what was asked of it, else with the reason.</summary>
    /// <param name="cases">At the levels that were asked for.</param>
    /// <param name="otherwise">The reason where it is not saturated.</param>
    /// <param name="metric">What was asked for; null for one of which no trial can be zero.</param>
    public ComparisonSide Lacking(IReadOnlyList<CaseResult> cases, string otherwise, string? metric = null)
    {
        var nothing = metric is null ? [] : cases.SelectMany(c => ServedNothing(c.Level, metric)).ToArray();
        if (nothing.Length > 0 || cases.Any(c => c.Standing == Results.Standing.Saturated))
        {
            var lost = cases.Where(c => nothing.Length > 0 || c.Standing == Results.Standing.Saturated);
            double[] held = [.. lost.Select(c => c.RateHeld).OfType<double>()];
            var why = nothing.Length > 0
                ? $"it served nothing in {Plural.Of(nothing.Length, "trial")}"
                : cases.SelectMany(c => c.Findings).FirstOrDefault(f => f.Severity == Severity.Saturated)?.Message;
            return new ComparisonSide(Stack, Contenders, cases[0].Level, [], null, $"SATURATED{(why is null ? "" : $": {why}")}")
            {
                Standing = Results.Standing.Saturated,
                RateHeld = held.Length > 0 ? Rounded.Of(Spread.MedianOf(held)) : null,
            };
        }
        var invalid = cases.Count > 0 && cases.All(c => c.Standing == Results.Standing.Invalid);
        return new ComparisonSide(Stack, Contenders, null, [], null, otherwise) { Standing = invalid ? Results.Standing.Invalid : null };
    }

    private IEnumerable<TrialResult> Counted(string level) =>
        At(level).Where(c => c.Valid).SelectMany(c => c.Trials).Where(t => t.Spoiled is null);

    public IEnumerable<CaseResult> At(string level) => Cases.Where(c => c.Level == level);
}
