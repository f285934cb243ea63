using MathNet.Numerics.Distributions;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Comparisons;

/// <summary>How much trials scatter in a contest, and whether the procedure finds a stack equal to itself (decision 0102).</summary>
internal static class NoiseFloors
{
    private const double Tail = 0.025;

    /// <returns>Null when there is no spread to know.</returns>
    public static NoiseFloor? Of(Contest contest, Field field, BestAgainstRest? result, int questions)
    {
        if (result is null) return null;
        var df = result.DegreesOfFreedom;
        double End(double p) => result.Spread * Math.Sqrt(df / ChiSquared.InvCDF(df, p));
        var trials = field.Entries.Min(e => e.Values.Count);
        var key = contest.Key;
        return new NoiseFloor(key.Question, key.Workload, key.Model, key.Host, key.Scenario, key.Level, contest.Metric!.Id,
            Rounded.Of(result.Spread), Rounded.Of(End(1 - Tail)), Rounded.Of(End(Tail)), df, trials,
            Rounded.Of(Resolution.ResolvableRatio(result.Spread, field.Entries.Count, Math.Max(2, trials), questions)),
            Rounded.Of(Resolution.SureRatio(result.Spread, field.Entries.Count, Math.Max(2, trials), questions)),
            Resolution.TrialsForPracticalRatio(result.Spread, field.Entries.Count, questions),
            [.. field.Entries
                .Where(e => e.Values.Select(v => v.Contender).Distinct().Count() > 1)
                .Select(e => Check(contest, field, e))
                .OfType<TwinCheck>()]);
    }

    /// <summary>The two labels as if they were two stacks, with the spread of all.</summary>
    private static TwinCheck? Check(Contest contest, Field field, Entry twin)
    {
        string[] labels = [.. twin.Values.Select(v => v.Contender).Distinct().Take(2)];
        Entry[] apart = [
            .. labels.Select(l => twin with { Values = [.. twin.Values.Where(v => v.Contender == l)] }),
            .. field.Entries.Where(e => e != twin)];
        var all = Field.Of(contest, apart, e => e.Values);
        var fit = new AdditiveFit(all.Observations, apart.Length, all.Blocks, Procedure.Published.Huber);
        if (fit.DegreesOfFreedom < 1) return null;
        var spread = ModeratedSpread.Of(fit, all.Observations);
        var df = Math.Min(spread.DegreesOfFreedom[0] + spread.DegreesOfFreedom[1], fit.DegreesOfFreedom);
        var reach =
            StudentT.InvCDF(0, 1, df, 1 - Tail) * Math.Sqrt(fit.PairFactors[0, 1] * (spread.Variances[0] + spread.Variances[1]) / 2);
        var estimate = fit.Effects[0] - fit.Effects[1];
        return new TwinCheck(
            twin.Side.Stack,
            Rounded.Of(Math.Exp(estimate)),
            Rounded.Of(Math.Exp(estimate - reach)),
            Rounded.Of(Math.Exp(estimate + reach)),
            Math.Abs(estimate) <= reach);
    }
}
