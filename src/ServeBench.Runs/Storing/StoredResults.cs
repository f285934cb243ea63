using ServeBench.Domain.Plans;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;

namespace ServeBench.Runs.Storing;

/// <summary>Which stored results are used instead of measuring again, and why the others do not (decision 0130).</summary>
/// <param name="store">What is stored.</param>
/// <param name="mayReuse">Whether results of a run may be reused at all.</param>
/// <param name="invalid">Stored trials that count for nothing.</param>
/// <param name="now">The conditions of this start.</param>
/// <param name="any">Whether conditions and validity do not matter (<c>--reuse=any</c>).</param>
internal sealed class StoredResults(
    ResultStore store, Func<string, bool> mayReuse, InvalidResults invalid, ConditionsRecord now, bool any)
{
    /// <summary>The conditions under which this start measures.</summary>
    public ConditionsRecord Now => now;

    /// <returns>Null when there is none that may be reused.</returns>
    public TrialRecord? Trial(Case one) => Look(one) is (var trial, null) ? trial : null;

    /// <summary>A stored result, with why it may not be reused; null when it may. Nothing when there is none.</summary>
    public (TrialRecord Trial, string? Refusal)? Look(Case one)
    {
        if (store.Trial(one.Fingerprint) is not { } stored || !mayReuse(stored.MeasuredByRun)) return null;
        if (any) return (stored, null);
        return (stored, invalid.Has(stored) ? "INVALID" : SameConditions.Difference(stored.Conditions, now));
    }

    /// <summary>Whether what was measured under other conditions may be used beside what is measured now.</summary>
    public bool StillHolds(ConditionsRecord? then) => any || SameConditions.Difference(then, now) is null;

    /// <param name="fingerprint">The ceiling's.</param>
    /// <param name="run">The only run whose ceiling will do; null for any.</param>
    public CeilingRecord? Ceiling(string fingerprint, string? run)
    {
        if (store.Ceiling(fingerprint) is not { } stored || !mayReuse(stored.MeasuredByRun)) return null;
        if (run is null) return stored;
        return stored.MeasuredByRun == run && StillHolds(stored.Conditions) ? stored : null;
    }

    /// <summary>What becomes of the stored results of a plan, a line for each kind.</summary>
    public IReadOnlyList<string> Outlook(RunPlan plan, DateTimeOffset time)
    {
        var known = plan.Cases.Select(Look).OfType<(TrialRecord Trial, string? Refusal)>().ToArray();
        var lines = new List<string>();
        if (ReusedResults.Of([.. known.Where(k => k.Refusal is null).Select(k => k.Trial)], time) is { } reused)
            lines.Add($"Reused: {reused}");
        lines.AddRange(known
            .Where(k => k.Refusal is not null)
            .GroupBy(k => k.Refusal!)
            .Select(g => $"Measured again although stored: {Plural.Of(g.Count(), "result")}: {g.Key}"));
        if (now.BackgroundBusy > Measurement.Verdicts.ForeignLoad.Limit)
            lines.Add("What is measured now will not be reused by a later start; stop what else runs, or say --reuse=any then");
        return lines;
    }
}
