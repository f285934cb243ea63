using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>One stack against the best, as logarithms of "how many times as good the best is".</summary>
/// <param name="Stack">Number of the stack.</param>
/// <param name="Estimate">Between the ends.</param>
/// <param name="Low">Lower end of the simultaneous interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Variance">Sum of the variances of one trial of each of the two.</param>
internal sealed record Rival(int Stack, double Estimate, double Low, double High, double Variance, ComparisonVerdict Verdict);

/// <summary>The best by estimate against all others, with intervals that hold all at once (decision 0106).</summary>
/// <param name="Best">Number of the stack that looks best.</param>
/// <param name="Rivals">The others.</param>
/// <param name="Candidates">How many could be the best, itself included.</param>
/// <param name="Spread">Standard deviation of one trial's logarithm, pooled over stacks.</param>
/// <param name="DegreesOfFreedom">Of that spread.</param>
internal sealed record BestAgainstRest(int Best, IReadOnlyList<Rival> Rivals, int Candidates, double Spread, int DegreesOfFreedom)
{
    /// <param name="observations">Connected: no part of the stacks shares no block with the rest.</param>
    /// <param name="stacks">How many, two at least.</param>
    /// <param name="blocks">How many.</param>
    /// <param name="level">Risk that any of the intervals misses.</param>
    /// <param name="procedure">How.</param>
    /// <returns>Null when there are too few trials to know any spread.</returns>
    public static BestAgainstRest? Of(IReadOnlyList<Observation> observations, int stacks, int blocks, double level, Procedure procedure)
    {
        var fit = new AdditiveFit(observations, stacks, blocks, procedure.Huber, procedure.Blocked);
        if (fit.DegreesOfFreedom < 1) return null;
        var spread = procedure.Moderated ? ModeratedSpread.Of(fit, observations) : Pooled(fit);
        var best = Enumerable.Range(0, stacks).MaxBy(s => fit.Effects[s]);
        int[] others = [.. Enumerable.Range(0, stacks).Where(s => s != best)];
        double Error(int s) => Math.Sqrt(fit.PairFactors[best, s] * (spread.Variances[best] + spread.Variances[s]) / 2);
        double Freedom(int s) => Math.Min(fit.DegreesOfFreedom, Satterthwaite(spread, best, s));
        // A stack could be the best unless even the interval that takes all for candidates excludes it.
        double Margin(int s) => Math.Max(procedure.CandidateMargin, SelectedBest.Of(stacks, stacks, Freedom(s), level).Below);
        var candidates = 1 + others.Count(s => fit.Effects[best] - fit.Effects[s] < Margin(s) * Error(s));
        return new BestAgainstRest(best, [.. others.Select(Against)], candidates, Math.Sqrt(fit.Variance), fit.DegreesOfFreedom);

        Rival Against(int s)
        {
            var df = Freedom(s);
            var reach = procedure.Corrected ? SelectedBest.Of(stacks, candidates, df, level) : SelectedBest.Of(2, 1, df, level);
            var estimate = fit.Effects[best] - fit.Effects[s];
            var (low, high) = (estimate - (reach.Below * Error(s)), estimate + (reach.Above * Error(s)));
            return new Rival(s, estimate, low, high, spread.Variances[best] + spread.Variances[s], Decide(low, high, procedure));
        }
    }

    public static ComparisonVerdict Decide(double low, double high, Procedure procedure)
    {
        if (low > (procedure.Shifted ? procedure.Threshold : 0)) return ComparisonVerdict.Better;
        return low >= -procedure.Threshold && high <= procedure.Threshold ? ComparisonVerdict.Equivalent : ComparisonVerdict.Undecided;
    }

    /// <summary>Degrees of freedom of a sum of two variances (Satterthwaite, Biometrics Bulletin 2, 1946).</summary>
    private static double Satterthwaite(ModeratedSpread spread, int first, int second)
    {
        var (a, b) = (spread.Variances[first], spread.Variances[second]);
        return (a + b) * (a + b) / ((a * a / spread.DegreesOfFreedom[first]) + (b * b / spread.DegreesOfFreedom[second]));
    }

    private static ModeratedSpread Pooled(AdditiveFit fit) =>
        new([.. fit.Effects.Select(_ => fit.Variance)], [.. fit.Effects.Select(_ => (double)fit.DegreesOfFreedom)]);
}
