using ServeBench.Measurement.Comparisons;

namespace ServeBench.Measurement.Evidence;

/// <summary>How often the comparison of two simulated runs errs, and what it finds.</summary>
/// <param name="FalseAlarm">Share of comparisons of runs with any "regression" of a stack that lost 5 % or less.</param>
/// <param name="FalseUnchanged">Share with any "unchanged" of a stack that changed by 5 % or more.</param>
/// <param name="Coverage">Share in which every interval holds the truth.</param>
/// <param name="Found">Share in which a stack that lost more than 5 % is called a regression.</param>
internal readonly record struct ChangeRates(double FalseAlarm, double FalseUnchanged, double Coverage, double Found)
{
    private const double Tolerance = 1e-9;

    /// <summary>
    /// Two runs of the same stacks; between them the first one becomes so many times as good. Deterministic, as
    /// <see cref="ErrorRates.Of"/> is.
    /// </summary>
    /// <param name="between">Standard deviation of what the machine itself changes between the runs, the same for all trials of
    /// one.</param>
    public static ChangeRates Of(TrialNoise noise, double factor, int stacks, int trials, int repetitions, double between = 0)
    {
        var before = new double[stacks];
        double[] after = [Math.Log(factor), .. before[1..]];
        var threshold = Procedure.Published.Threshold;
        var (alarms, unchanged, covered, found) = (0, 0, 0, 0);
        Parallel.For(0, repetitions, repetition =>
        {
            var dice = new SeededNoise((ulong)repetition + (1UL << 33));
            var shift = between * dice.Normal();
            var was = RunComparison.Means(noise.Run(dice, before, trials), stacks, trials);
            var now = RunComparison.Means(noise.Run(dice, [.. after.Select(m => m + shift)], trials), stacks, trials);
            var (alarm, same, all) = (false, false, true);
            for (var s = 0; s < stacks; s++)
            {
                var (_, low, high) = RunComparison.Between(was[s], now[s], Procedure.FamilyLevel / stacks);
                var verdict = RunComparison.VerdictOf(low, high);
                if (verdict == ChangeVerdict.Regression && after[s] >= -threshold - Tolerance) alarm = true;
                if (verdict == ChangeVerdict.Regression && s == 0 && after[s] < -threshold - Tolerance) Interlocked.Increment(ref found);
                if (verdict == ChangeVerdict.Unchanged && Math.Abs(after[s]) >= threshold - Tolerance) same = true;
                if (after[s] < low || after[s] > high) all = false;
            }
            if (alarm) Interlocked.Increment(ref alarms);
            if (same) Interlocked.Increment(ref unchanged);
            if (all) Interlocked.Increment(ref covered);
        });
        double Share(int of) => (double)of / repetitions;
        return new ChangeRates(Share(alarms), Share(unchanged), Share(covered), Share(found));
    }
}
