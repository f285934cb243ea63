using ServeBench.Domain.Wording;
using ServeBench.Measurement.Comparisons;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Comparing;

/// <summary>What a comparison of runs says on the terminal: what changed in between, every change, and last the answer.</summary>
public static class DiffSummary
{
    public static IReadOnlyList<SummaryBlock> Of(RunDiff diff) =>
    [
        new($"{diff.Candidate.Id} compared with {diff.Baseline.Id}", []),
        new("", []),
        .. diff.Differences.Count == 0 ? []
            : (SummaryBlock[])[
                new("Changed in between", [.. diff.Differences.Select(d => (string[])[d.What, d.Baseline, d.Candidate])]),
                new("", [])],
        new("What became of every stack", [.. diff.Changes.Select(c => Row(diff, c))]),
        new("", []),
        .. Notes(diff).Select(n => new SummaryBlock(n, [])),
        .. Answer(diff).Select(a => new SummaryBlock(a, [])),
    ];

    /// <summary>The answer alone: every regression, what is INVALID, and how many there are of each verdict.</summary>
    public static IEnumerable<string> Answer(RunDiff diff)
    {
        foreach (var change in diff.Regressions.Concat(diff.Changes.Where(c => c.Verdict == ChangeVerdict.Improvement)))
            yield return ChangeText.Sentence(diff, change);
        foreach (var state in diff.Invalid.GroupBy(c => c.Standing))
            yield return $"{state.Key.ToString().ToUpperInvariant()} now: "
                + $"{Words.List(state.Select(c => $"{c.Contender}, {c.Workload} at {c.Level}"))}";
        yield return $"{Counts(diff)}.";
    }

    /// <summary>What must be known beside the figures.</summary>
    public static IEnumerable<string> Notes(RunDiff diff)
    {
        foreach (var d in diff.Allowed) yield return $"Compared although the {d.Subject} differs: {d.Baseline} then, {d.Candidate} now.";
        if (diff.Shared > 0)
            yield return $"{Plural.Of(diff.Shared, "trial")} of a case {Plural.Verb(diff.Shared, "was", "were")} measured by the baseline "
                + "and reused, which cannot show a change (--force measures again).";
        foreach (var run in (ComparedRun[])[diff.Baseline, diff.Candidate])
        {
            if (!run.Results.Run.Quotable) yield return $"{run.Id}: profile {run.Results.Run.Profile}, never quote its numbers.";
            if (!run.Results.Run.Complete) yield return $"{run.Id} is not complete.";
        }
        if (diff.Changes.Any(c => c.Verdict == ChangeVerdict.Undecided))
            yield return $"Undecided: the interval reaches over {Resolution.PracticalDifference}; more --trials in both runs narrow it.";
    }

    public static string Counts(RunDiff diff)
    {
        int Of(ChangeVerdict verdict) => diff.Changes.Count(c => c.Verdict == verdict);
        return $"{Plural.Of(Of(ChangeVerdict.Regression), "regression")}, {Plural.Of(Of(ChangeVerdict.Improvement), "improvement")}, " +
            $"{Of(ChangeVerdict.Unchanged)} unchanged (within {Resolution.PracticalDifference}), " +
            $"{Of(ChangeVerdict.Undecided)} undecided, {Of(ChangeVerdict.NotCompared)} not compared";
    }

    private static string[] Row(RunDiff diff, RunChange change) =>
    [
        change.Stack,
        ChangeText.Question(diff, change),
        ChangeText.Value(change, change.Baseline),
        ChangeText.Value(change, change.Candidate),
        ChangeText.Verdict(change), ChangeText.Change(change) is { Length: > 0 } by ? by : change.Reason,
    ];
}
