using MathNet.Numerics.Distributions;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// Compares two runs stack by stack. They share no block, so nothing is taken out within blocks: each run's spread is that of its
/// trials, blocks and all, and the two are put together as unpaired (Welch, Biometrika 34, 1947). What changed on the machine
/// between the runs and stayed for all of one of them cannot be seen in either spread; it shows as all stacks moving together.
/// </summary>
public static class RunComparison
{
    /// <summary>What is said of a stack that only one of the runs has.</summary>
    public const string NotInBaseline = "the baseline did not measure it";

    /// <inheritdoc cref="NotInBaseline"/>
    public const string NotInCandidate = "only the baseline measured it";

    /// <param name="baseline">Cases of the earlier run.</param>
    /// <param name="candidate">Cases of the later.</param>
    /// <param name="questions">What is asked of both; null for the program's own.</param>
    public static IReadOnlyList<RunChange> Of(
        IReadOnlyList<CaseResult> baseline, IReadOnlyList<CaseResult> candidate, KnownQuestions? questions = null)
    {
        IEnumerable<IReadOnlyList<Contest>> Of(IReadOnlyList<CaseResult> cases) =>
            ComparisonSet.Families(cases, questions ?? KnownQuestions.OfProgram);
        return [.. Of(candidate).Zip(Of(baseline), Family).SelectMany(f => f)];
    }

    private static IEnumerable<RunChange> Family(IReadOnlyList<Contest> after, IReadOnlyList<Contest> before)
    {
        var pairs = (from contest in after
                     let earlier = before.FirstOrDefault(b => b.Key == contest.Key)
                     from entry in contest.Entries
                     select (
                         Contest: contest,
                         Earlier: earlier,
                         Entry: entry,
                         Was: earlier?.Entries.FirstOrDefault(e => e.Side.Stack == entry.Side.Stack))).ToArray();
        var comparable = pairs.Count(p => p.Entry.Values.Count > 0 && p.Was?.Values.Count > 0);
        var gone = from contest in before
                   from entry in contest.Entries
                   where !pairs.Any(p => p.Contest.Key == contest.Key && p.Entry.Side.Stack == entry.Side.Stack)
                   select Draft(contest, entry.Side.Stack, entry.Side.Median, null) with { Reason = NotInCandidate };
        return [
            .. pairs.Select(p => Change(p.Contest, p.Earlier, p.Entry, p.Was, Procedure.FamilyLevel / Math.Max(1, comparable))),
            .. gone];
    }

    private static RunChange Draft(Contest contest, string stack, double? was, double? now)
    {
        var key = contest.Key;
        return new RunChange(
            stack,
            key.Question,
            key.Workload,
            key.Model,
            key.Scenario,
            key.Level,
            contest.Metric?.Id,
            was,
            now,
            null,
            null,
            null,
            ChangeVerdict.NotCompared,
            "");
    }

    private static RunChange Change(Contest contest, Contest? earlier, Entry entry, Entry? was, double level)
    {
        var draft = Draft(contest, entry.Side.Stack, was?.Side.Median, entry.Side.Median);
        if (was is null || earlier is null) return draft with { Reason = NotInBaseline };
        if (entry.Side.Standing == Standing.Saturated && was.Side.Standing == Standing.Valid)
            return draft with
            {
                Verdict = ChangeVerdict.Regression,
                Reason = $"it could do before what it cannot now: {entry.Side.Absence}"
            };
        if (was.Side.Standing == Standing.Saturated && entry.Side.Standing == Standing.Valid)
            return draft with { Verdict = ChangeVerdict.Improvement, Reason = "it can do now what it could not before" };
        if (was.Values.Count == 0) return draft with { Reason = $"in the baseline: {was.Side.Absence}" };
        if (entry.Values.Count == 0) return draft with { Reason = entry.Side.Absence! };
        if (earlier.Metric!.Id != contest.Metric!.Id) return draft with { Reason = $"the baseline has {earlier.Metric.Id} instead" };
        var (a, b) = (Trials(earlier, was), Trials(contest, entry));
        if (a.Df < 1 || b.Df < 1) return draft with { Reason = "a single trial shows no spread" };
        var (estimate, low, high) = Between(a, b, level);
        return draft with
        {
            Ratio = Rounded.Of(Math.Exp(estimate)),
            Low = Rounded.Of(Math.Exp(low)),
            High = Rounded.Of(Math.Exp(high)),
            Verdict = VerdictOf(low, high),
            Reason = $"{NumberText.Ratio(Math.Exp(estimate))} times as good as the baseline, "
                + $"between {NumberText.Ratio(Math.Exp(low))} and {NumberText.Ratio(Math.Exp(high))}",
        };
    }

    /// <summary>The difference of two mean merits with its interval.</summary>
    internal static (double Estimate, double Low, double High) Between(TrialMean a, TrialMean b, double level)
    {
        var variance = a.Variance + b.Variance;
        // Two runs without any spread differ by exactly what they differ by.
        var df = variance == 0 ? 1 : variance * variance / ((a.Variance * a.Variance / a.Df) + (b.Variance * b.Variance / b.Df));
        var reach = Math.Sqrt(variance) * StudentT.InvCDF(0, 1, Math.Max(1, df), 1 - (level / 2));
        var estimate = b.Mean - a.Mean;
        return (estimate, estimate - reach, estimate + reach);
    }

    internal static ChangeVerdict VerdictOf(double low, double high)
    {
        var threshold = Procedure.Published.Threshold;
        return high < -threshold ? ChangeVerdict.Regression : low > threshold ? ChangeVerdict.Improvement
            : low >= -threshold && high <= threshold ? ChangeVerdict.Unchanged : ChangeVerdict.Undecided;
    }

    private static TrialMean Trials(Contest contest, Entry of)
    {
        Entry[] standing = [.. contest.Entries.Where(e => e.Values.Count > 0)];
        var all = Field.Of(contest, standing, e => e.Values);
        return Means(all.Observations, standing.Length, all.Blocks)[Array.IndexOf(standing, of)];
    }

    /// <summary>Every stack's mean merit with its variance, the spread drawn towards that of all stacks of the run.</summary>
    internal static IReadOnlyList<TrialMean> Means(IReadOnlyList<Observation> run, int stacks, int blocks)
    {
        var fit = new AdditiveFit(run, stacks, blocks, Procedure.Published.Huber, blocked: false);
        if (fit.DegreesOfFreedom < 1) return [.. fit.Effects.Select(e => new TrialMean(e, 0, 0))];
        var spread = ModeratedSpread.Of(fit, run);
        // What blocks have in common moves a run's stacks together, so it counts as no more than its blocks.
        return
        [
            .. Enumerable.Range(0, stacks).Select(s => new TrialMean(
                fit.Effects[s],
                spread.Variances[s] / run.Count(o => o.Stack == s),
                Math.Min(spread.DegreesOfFreedom[s], Math.Max(1, blocks - 1)))),
        ];
    }
}
