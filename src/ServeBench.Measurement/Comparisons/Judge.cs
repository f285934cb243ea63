using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// Judges all comparisons that answer one question together, because they are one family for Holm's correction
/// (decision 0101).
/// </summary>
internal sealed class Judge(IReadOnlyList<Contest> contests, double? noiseFloor)
{
    private readonly double _threshold = Math.Max(Evidence.LeastDifference, noiseFloor ?? 0);

    public IReadOnlyList<Comparison> Compare()
    {
        var pairs = contests.SelectMany(Pairs).ToArray();
        var family = pairs.Where(p => p.Comparable).ToArray();
        var p = family.Select(f => MannWhitney.TwoSided(f.First.Values, f.Second.Values)).ToArray();
        var adjusted = Holm.Adjust(p);
        var least = Holm.Adjust([.. family.Select(f => MannWhitney.Least(f.First.Values.Count, f.Second.Values.Count))]);
        var results = new List<Comparison>();
        foreach (var pair in pairs)
        {
            var i = Array.IndexOf(family, pair);
            results.Add(i < 0 ? NotCompared(pair) : Decide(pair, p[i], adjusted[i], least[i], family));
        }
        return results;
    }

    private Comparison Decide(Pair pair, double p, double adjusted, double least, Pair[] family)
    {
        var difference = Evidence.Difference(pair.First.Median!.Value, pair.Second.Median!.Value);
        var draft = pair.Draft() with
        {
            Metric = pair.Contest.Metric!.Id,
            Difference = Rounded.Of(difference),
            Threshold = Rounded.Of(_threshold),
            P = Rounded.Of(p),
            AdjustedP = Rounded.Of(adjusted),
            FamilySize = family.Length,
        };
        var apart = $"the medians differ by {NumberText.Percent(difference, 2)}";
        var test = $"p = {NumberText.Significant(adjusted, 2)}, Holm-corrected over {Count(family.Length, "comparison")}, " +
            $"{pair.First.Values.Count} against {Count(pair.Second.Values.Count, "trial")}";
        if (least > Evidence.Level)
        {
            var needed = TrialsNeeded(pair, family, alone: false);
            return draft with
            {
                Verdict = ComparisonVerdict.TooFewTrials,
                TrialsNeeded = needed,
                Reason = $"too few trials to decide: even if every trial of the one beat every trial of the other, p would be " +
                    $"{NumberText.Significant(least, 2)}; " + (needed is { } n ? $"{n} trials of each would do" : "no feasible number of trials would do"),
            };
        }
        if (difference <= _threshold)
        {
            return draft with { Verdict = ComparisonVerdict.Tie, Reason = $"{apart}, no more than the {NumberText.Percent(_threshold, 2)} that count ({test})" };
        }
        if (adjusted > Evidence.Level && p <= MannWhitney.Least(pair.First.Values.Count, pair.Second.Values.Count))
        {
            // Whether this many trials can decide depends on how many of the family's other comparisons are decided before it.
            return draft with
            {
                Verdict = ComparisonVerdict.TooFewTrials,
                TrialsNeeded = TrialsNeeded(pair, family, alone: true),
                Reason = $"too few trials to decide: {apart}, and every trial of the one beats every trial of the other, but that may be chance ({test})",
            };
        }
        if (adjusted > Evidence.Level)
        {
            return draft with { Verdict = ComparisonVerdict.Tie, Reason = $"{apart}, but the trials do not separate ({test})" };
        }
        return draft with
        {
            Verdict = ComparisonVerdict.Winner,
            Winner = (pair.Contest.Better(pair.First, pair.Second) ? pair.First : pair.Second).Stack,
            Reason = $"{apart} ({test})",
        };
    }

    private static Comparison NotCompared(Pair pair)
    {
        var reasons = new[] { pair.First, pair.Second }
            .Where(s => s.Absence is not null)
            .Select(s => $"{s.Stack}: {s.Absence}")
            .ToArray();
        return pair.Draft() with
        {
            Verdict = ComparisonVerdict.NotCompared,
            Reason = reasons.Length > 0 ? string.Join("; ", reasons) : $"the exact test is made for up to {MannWhitney.MostValues} trials a side",
        };
    }

    /// <summary>The smallest number of trials per contender with which this comparison could be decided if all of the family had that many.</summary>
    /// <param name="pair">The comparison.</param>
    /// <param name="family">All of its family.</param>
    /// <param name="alone">Whether it is to be decided even if no other one is.</param>
    private static int? TrialsNeeded(Pair pair, Pair[] family, bool alone)
    {
        var largest = family.Max(f => Math.Max(f.First.Contenders.Count, f.Second.Contenders.Count));
        for (var trials = 1; trials * largest <= MannWhitney.MostValues; trials++)
        {
            double Least(Pair f) => MannWhitney.Least(trials * f.First.Contenders.Count, trials * f.Second.Contenders.Count);
            var least = alone ? family.Length * Least(pair) : Holm.Adjust([.. family.Select(Least)])[Array.IndexOf(family, pair)];
            if (least <= Evidence.Level) return trials;
        }
        return null;
    }

    private static IEnumerable<Pair> Pairs(Contest contest)
    {
        for (var i = 0; i < contest.Sides.Count; i++)
        {
            for (var j = i + 1; j < contest.Sides.Count; j++) yield return new Pair(contest, contest.Sides[i], contest.Sides[j]);
        }
    }

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    private sealed class Pair(Contest contest, ComparisonSide first, ComparisonSide second)
    {
        public Contest Contest => contest;

        public ComparisonSide First => first;

        public ComparisonSide Second => second;

        public bool Comparable => Fits(first) && Fits(second);

        public Comparison Draft() => new()
        {
            Question = contest.Key.Question,
            Workload = contest.Key.Workload,
            Model = contest.Key.Model,
            Host = contest.Key.Host,
            Scenario = contest.Key.Scenario,
            Level = contest.Key.Level,
            First = first,
            Second = second,
            Verdict = ComparisonVerdict.NotCompared,
            Interleaved = MeasuredTogether(),
            Reason = "",
        };

        private static bool Fits(ComparisonSide side) => side.Values.Count is > 0 and <= MannWhitney.MostValues;

        private bool MeasuredTogether() =>
            contest.StandingCases.Where(c => c.Stack == first.Stack || c.Stack == second.Stack)
                .SelectMany(c => c.Trials).Select(t => t.MeasuredByRun).Distinct().Count() <= 1;
    }
}
