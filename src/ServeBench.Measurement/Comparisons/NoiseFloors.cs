using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>
/// The A/A comparison: a stack against itself under two labels, at the levels at which it is compared with others. The floor
/// of a question is the largest difference seen in it (decision 0102).
/// </summary>
internal static class NoiseFloors
{
    /// <returns>Null when no stack of these contests has VALID cases under two labels.</returns>
    public static NoiseFloor? Of(string question, IEnumerable<Contest> contests)
    {
        TwinDifference[] differences = [.. contests.SelectMany(Differences)];
        return differences.Length == 0 ? null : new NoiseFloor(question, differences.Max(d => d.Difference), differences);
    }

    private static IEnumerable<TwinDifference> Differences(Contest contest)
    {
        if (contest.Metric is not { } metric) yield break;
        foreach (var side in contest.Sides.Where(s => s.Median is not null))
        {
            var cases = contest.StandingCases.Where(c => c.Stack == side.Stack).ToLookup(c => c.IsTwin);
            var own = Values(cases[false], metric.Id);
            var twin = Values(cases[true], metric.Id);
            if (own.Length == 0 || twin.Length == 0 || Math.Max(own.Length, twin.Length) > MannWhitney.MostValues) continue;
            var (ownMedian, twinMedian) = (Spread.MedianOf(own), Spread.MedianOf(twin));
            yield return new TwinDifference(side.Stack, contest.Key.Workload, contest.Key.Model, contest.Key.Host, contest.Key.Scenario,
                side.Level!, metric.Id, Rounded.Of(ownMedian), Rounded.Of(twinMedian),
                Rounded.Of(Evidence.Difference(ownMedian, twinMedian)), Rounded.Of(MannWhitney.TwoSided(own, twin)));
        }
    }

    private static double[] Values(IEnumerable<CaseResult> cases, string metric) =>
        [.. cases.SelectMany(c => c.Trials).Select(t => t.Values[metric])];
}
