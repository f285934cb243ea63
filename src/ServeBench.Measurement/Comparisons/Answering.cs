using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>Draws one answer out of the pairwise comparisons of a contest.</summary>
internal static class Answering
{
    public static Answer Of(Contest contest, IReadOnlyList<Comparison> comparisons)
    {
        var key = contest.Key;
        ComparisonSide[] standing = [.. contest.Sides.Where(s => s.Median is not null)];
        if (contest.Metric is not null) standing = Ranked(contest, standing);
        var (verdict, stacks) = Decide(standing, comparisons);
        return new Answer(key.Question, key.Workload, key.Model, key.Host, key.Scenario, key.Level, contest.Metric?.Id, verdict, stacks,
            [.. standing, .. contest.Sides.Where(s => s.Median is null)]);
    }

    private static (ComparisonVerdict Verdict, IReadOnlyList<string> Stacks) Decide(ComparisonSide[] standing, IReadOnlyList<Comparison> comparisons)
    {
        string[] stacks = [.. standing.Select(s => s.Stack)];
        if (stacks.Length < 2) return (ComparisonVerdict.NotCompared, stacks);
        if (comparisons.Any(c => c.Verdict == ComparisonVerdict.NotCompared && stacks.Contains(c.First.Stack) && stacks.Contains(c.Second.Stack)))
            return (ComparisonVerdict.NotCompared, stacks);
        bool Beaten(string stack) => comparisons.Any(c => c.Winner is { } winner && winner != stack && Involves(c, stack));
        string[] leaders = [.. stacks.Where(s => !Beaten(s))];
        if (leaders.Length == 1)
        {
            var best = leaders[0];
            if (comparisons.Count(c => c.Winner == best) == stacks.Length - 1) return (ComparisonVerdict.Winner, leaders);
            // Unbeaten, but not better than every one: those that it does not beat share the answer with it.
            leaders = [.. stacks.Where(s => s == best || !comparisons.Any(c => c.Winner == best && Involves(c, s)))];
        }
        var undecided = comparisons.Any(c => c.Verdict == ComparisonVerdict.TooFewTrials && leaders.Contains(c.First.Stack) && leaders.Contains(c.Second.Stack));
        return (undecided ? ComparisonVerdict.TooFewTrials : ComparisonVerdict.Tie, leaders);
    }

    private static ComparisonSide[] Ranked(Contest contest, ComparisonSide[] sides) =>
        contest.Metric!.Better == Metrics.Better.Higher
            ? [.. sides.OrderByDescending(s => s.Median)]
            : [.. sides.OrderBy(s => s.Median)];

    private static bool Involves(Comparison comparison, string stack) => comparison.First.Stack == stack || comparison.Second.Stack == stack;
}
