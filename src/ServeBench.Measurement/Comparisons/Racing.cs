using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>The state of a race after a look at its trials.</summary>
/// <param name="Decided">No comparison of the best with another stack is undecided.</param>
/// <param name="Exhausted">The looks that share the risk are used up, so that further trials decide nothing.</param>
/// <param name="InContention">Stacks on which further blocks are to be spent, with the best of every question that is not decided.</param>
/// <param name="TrialsNeeded">Of each, as the largest of the comparisons needs; null when there are none or it cannot be
/// determined.</param>
public sealed record RaceState(bool Decided, bool Exhausted, IReadOnlyList<string> InContention, int? TrialsNeeded);

/// <summary>
/// When to stop measuring (<c>--until=decided</c>). Every look after the third block is a chance to be wrong, so each is made at a
/// smaller level that keeps the risk over all of them at 5 %: Pocock's constant for twenty looks (Pocock, Biometrika 64, 1977;
/// Jennison and Turnbull, Group Sequential Methods, 2000, table 2.1: 2.672 standard errors, two-sided 0.0075).
/// </summary>
public static class Racing
{
    public const int FirstLook = 3;

    public const int MostLooks = 20;

    /// <summary>Level of each look; trials that were added after a verdict was seen are judged at it as well.</summary>
    public const double LevelOfLook = 0.0075;

    /// <summary>Looks at the trials so far.</summary>
    /// <param name="cases">Of one run, dropped stacks with the trials that they have.</param>
    public static RaceState Look(IReadOnlyList<CaseResult> cases)
    {
        var comparisons = ComparisonSet.Of(cases, furtherLooks: true).Comparisons;
        var trials = cases.Count == 0 ? 0 : cases.Max(c => c.Trials.Count);
        Comparison[] open = [
            .. comparisons.Where(
                c => c.Verdict == ComparisonVerdict.Undecided || (trials < FirstLook && c.Verdict != ComparisonVerdict.NotCompared))];
        var needed = open.Length == 0 || Array.Exists(open, c => c.TrialsNeeded is null) ? null : open.Max(c => c.TrialsNeeded);
        return new RaceState(open.Length == 0, trials >= FirstLook + MostLooks - 1,
            [.. open.SelectMany(c => (string[])[c.First.Stack, c.Second.Stack]).Distinct()], needed);
    }
}
