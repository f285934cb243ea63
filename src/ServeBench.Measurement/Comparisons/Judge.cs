using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// Judges all contests that answer one question together: they share the risk of 5 %, because a reader looks for a winner in every
/// one of them (decision 0101).
/// </summary>
internal sealed class Judge
{
    private readonly Dictionary<Contest, (Field Field, BestAgainstRest? Result)> _judged = [];
    private readonly double _level;

    /// <param name="contests">All that answer the question.</param>
    /// <param name="furtherLooks">Whether trials were added after a look at those before.</param>
    public Judge(IReadOnlyList<Contest> contests, bool furtherLooks)
    {
        var fields = contests.Select(c => (Contest: c, Field: c.Metric is null ? new Field([], [], 0) : Field.Of(c))).ToArray();
        Questions = Math.Max(1, fields.Count(f => f.Field.Entries.Count > 1));
        var looked = furtherLooks
            || fields.SelectMany(f => f.Field.Entries).SelectMany(e => e.Values).Select(v => v.Block.Run).Distinct().Skip(1).Any();
        _level = (looked ? Racing.LevelOfLook : Procedure.FamilyLevel) / Questions;
        foreach (var (contest, field) in fields)
        {
            _judged[contest] = (field, field.Entries.Count < 2 ? null
                : BestAgainstRest.Of(field.Observations, field.Entries.Count, field.Blocks, _level, Procedure.Published));
        }
    }

    /// <summary>Contests in which at least two stacks can be compared.</summary>
    public int Questions { get; }

    public (Field Field, BestAgainstRest? Result) Of(Contest contest) => _judged[contest];

    /// <summary>The best against each of the others; empty when fewer than two stacks take part.</summary>
    public IReadOnlyList<Comparison> Compare(Contest contest)
    {
        var (field, result) = _judged[contest];
        if (contest.Entries.Count < 2) return [];
        var best = result is not null
            ? field.Entries[result.Best]
            : contest.Entries.Where(e => e.Values.Count > 0).MaxBy(e => contest.Merit(e.Side.Median!.Value)) ?? contest.Entries[0];
        return [.. contest.Entries.Where(e => e != best).Select(e => Compare(contest, best, e))];
    }

    private Comparison Compare(Contest contest, Entry best, Entry other)
    {
        var (field, result) = _judged[contest];
        var draft = Draft(contest, best.Side, other.Side);
        if (best.Values.Count == 0) return draft with { Reason = Absences(best.Side, other.Side) };
        if (other.Side.Standing == Standing.Saturated) return Lost(draft, best.Side, other.Side);
        if (other.Values.Count == 0) return draft with { Reason = Absences(other.Side) };
        if (field.Entries.Count > 1 && !field.Entries.Contains(other))
            return draft with { Reason = "measured in different runs or blocks, so the machine may have changed in between" };
        if (result is null)
            return draft with { Reason = field.Entries.Count < 2
                ? "measured in different runs or blocks, so the machine may have changed in between"
                : "a single trial each shows no spread" };
        var place = field.Entries.ToList().IndexOf(other);
        return Decided(draft, field, result, result.Rivals.Single(r => r.Stack == place));
    }

    private Comparison Decided(Comparison draft, Field field, BestAgainstRest result, Rival rival)
    {
        var (low, high) = (Math.Exp(rival.Low), Math.Exp(rival.High));
        // Warm-up that never ended may favour or hurt; what it favours cannot win by it (method.md, rule 10).
        var unsettled = rival.Verdict == ComparisonVerdict.Better && draft.First.Unsettled;
        var verdict = unsettled ? ComparisonVerdict.Undecided : rival.Verdict;
        var trials = Math.Min(draft.First.Values.Count, draft.Second.Values.Count);
        var interval =
            $"{NumberText.Ratio(Math.Exp(rival.Estimate))} times as good, between {NumberText.Ratio(low)} and {NumberText.Ratio(high)}";
        var matters = $"{NumberText.Limit(Procedure.PracticalRatio - 1)}";
        return draft with
        {
            Verdict = verdict,
            Ratio = Rounded.Of(Math.Exp(rival.Estimate)),
            Low = Rounded.Of(low),
            High = Rounded.Of(high),
            P = Rounded.Of(SignFlips.TwoSided(field.Differences(result.Best, rival.Stack))),
            TrialsNeeded = verdict == ComparisonVerdict.Undecided && !unsettled
                ? Resolution.TrialsToDecide(rival, field.Entries.Count, result.Candidates, trials, _level)
                : null,
            Reason = verdict switch
            {
                ComparisonVerdict.Better => $"{interval}: more than the {matters} that matter",
                ComparisonVerdict.Equivalent => $"{interval}: within the {matters} that matter",
                _ when unsettled => $"{interval}, but its warm-up did not settle in most trials, so it cannot win",
                _ => $"{interval}: neither surely more than the {matters} that matter nor surely within them",
            },
        };
    }

    private static Comparison Lost(Comparison draft, ComparisonSide best, ComparisonSide other) => draft with
    {
        Verdict = ComparisonVerdict.Better,
        Reason = $"{other.Stack} could not do what was asked" +
            (other.RateHeld is { } held ? $"; it held {NumberText.Significant(held)} requests/s" : "") +
            $", and {best.Stack} could",
    };

    private static Comparison Draft(Contest contest, ComparisonSide first, ComparisonSide second) => new()
    {
        Question = contest.Key.Question,
        Workload = contest.Key.Workload,
        Model = contest.Key.Model,
        Host = contest.Key.Host,
        Scenario = contest.Key.Scenario,
        Level = contest.Key.Level,
        Metric = first.Values.Count > 0 && second.Values.Count > 0 ? contest.Metric!.Id : null,
        First = first,
        Second = second,
        Verdict = ComparisonVerdict.NotCompared,
        Reason = "",
    };

    private static string Absences(params ComparisonSide[] sides) =>
        string.Join("; ", sides.Where(s => s.Absence is not null).Select(s => $"{s.Stack}: {s.Absence}"));
}
