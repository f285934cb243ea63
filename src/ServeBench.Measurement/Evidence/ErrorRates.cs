using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Evidence;

/// <summary>How often a procedure errs over simulated runs.</summary>
/// <param name="FalseBetter">Share of runs with any "better" where the true ratio is 1.05 or less.</param>
/// <param name="FalseEquivalent">Share of runs with any "equivalent" where the true ratio is 1.05 or more, either way.</param>
/// <param name="Coverage">Share of runs in which every interval holds the true ratio.</param>
/// <param name="Power">Share of all comparisons of the true best in which it is called better.</param>
internal readonly record struct ErrorRates(double FalseBetter, double FalseEquivalent, double Coverage, double Power)
{
    private const double Tolerance = 1e-9;

    /// <summary>Deterministic: every repetition has a seed of its own, so neither cores nor their order matter.</summary>
    public static ErrorRates Of(
        Procedure procedure,
        TrialNoise noise,
        Truth truth,
        int stacks,
        int trials,
        int repetitions,
        double level = Procedure.FamilyLevel)
    {
        var merits = truth.Merits(stacks);
        var (falseBetter, falseEquivalent, covered, found) = (0, 0, 0, 0L);
        Parallel.For(0, repetitions, repetition =>
        {
            var run = noise.Run(new SeededNoise((ulong)repetition), merits, trials);
            if (BestAgainstRest.Of(run, stacks, trials, level, procedure) is not { } result) return;
            var (better, equivalent, all, right) = (false, false, true, 0);
            foreach (var rival in result.Rivals)
            {
                var truly = merits[result.Best] - merits[rival.Stack];
                if (rival.Verdict == ComparisonVerdict.Better && truly <= Procedure.Published.Threshold + Tolerance) better = true;
                if (rival.Verdict == ComparisonVerdict.Equivalent && Math.Abs(truly) >= Procedure.Published.Threshold - Tolerance)
                    equivalent = true;
                if (truly < rival.Low || truly > rival.High) all = false;
                if (rival.Verdict == ComparisonVerdict.Better && result.Best == 0) right++;
            }
            if (better) Interlocked.Increment(ref falseBetter);
            if (equivalent) Interlocked.Increment(ref falseEquivalent);
            if (all) Interlocked.Increment(ref covered);
            Interlocked.Add(ref found, right);
        });
        double Share(long of) => (double)of / repetitions;
        return new ErrorRates(Share(falseBetter), Share(falseEquivalent), Share(covered), Share(found) / (stacks - 1));
    }
}
