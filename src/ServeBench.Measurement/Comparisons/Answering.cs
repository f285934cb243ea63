using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>Draws one answer out of the comparisons of a contest.</summary>
internal static class Answering
{
    /// <param name="contest">What was asked.</param>
    /// <param name="comparisons">The best against each of the others.</param>
    public static Answer Of(Contest contest, IReadOnlyList<Comparison> comparisons)
    {
        var key = contest.Key;
        var sides = contest.Entries.Select(e => e.Side).ToArray();
        // The best by differences within blocks comes first, even where medians over blocks that others lack would say otherwise.
        var first = comparisons.Count > 0 ? comparisons[0].First.Stack : null;
        IReadOnlyList<ComparisonSide> standings =
        [
            .. sides
                .Where(s => s.Median is not null)
                .OrderByDescending(s => s.Stack == first)
                .ThenByDescending(s => contest.Merit(s.Median!.Value)),
            .. sides.Where(s => s.Standing == Standing.Saturated).OrderByDescending(s => s.RateHeld ?? 0),
            .. sides.Where(s => s.Median is null && s.Standing != Standing.Saturated),
        ];
        return new Answer(key.Question, key.Workload, key.Model, key.Host, key.Scenario, key.Level, contest.Metric?.Id,
            Verdict(comparisons), Leaders(comparisons, standings), standings);
    }

    /// <summary>What was not compared leaves the others' verdict as it is, but nobody has beaten it.</summary>
    private static ComparisonVerdict Verdict(IReadOnlyList<Comparison> comparisons)
    {
        Comparison[] compared = [.. comparisons.Where(c => c.Verdict != ComparisonVerdict.NotCompared)];
        if (compared.Length == 0) return ComparisonVerdict.NotCompared;
        if (Array.Exists(compared, c => c.Verdict == ComparisonVerdict.Undecided)) return ComparisonVerdict.Undecided;
        return Array.Exists(compared, c => c.Verdict == ComparisonVerdict.Equivalent)
            ? ComparisonVerdict.Equivalent
            : ComparisonVerdict.Better;
    }

    private static IReadOnlyList<string> Leaders(IReadOnlyList<Comparison> comparisons, IReadOnlyList<ComparisonSide> standings)
    {
        if (comparisons.All(c => c.Verdict == ComparisonVerdict.NotCompared))
            return [.. standings.Where(s => s.Median is not null).Select(s => s.Stack)];
        string[] With(ComparisonVerdict verdict) =>
            [.. standings.Select(s => s.Stack).Where(s => comparisons.Any(c => c.Second.Stack == s && c.Verdict == verdict))];
        return [comparisons[0].First.Stack, .. With(ComparisonVerdict.Equivalent), .. With(ComparisonVerdict.Undecided)];
    }
}
