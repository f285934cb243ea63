using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace ServeBench.Measurement.Statistics;

/// <summary>
/// The variance of each stack's trials, drawn towards the pooled one as far as the stacks' own variances agree with each other
/// (Smyth, Statistical Applications in Genetics and Molecular Biology 3, 2004): equal spreads are pooled fully, a stack that is
/// noisier than the rest gets a wider interval of its own.
/// </summary>
/// <param name="Variances">One per stack.</param>
/// <param name="DegreesOfFreedom">One per stack.</param>
internal sealed record ModeratedSpread(double[] Variances, double[] DegreesOfFreedom)
{
    /// <summary>
    /// With fewer trials than this nothing shows whether the one or the others of a stack are the strange ones, so its residuals
    /// are taken as they are.
    /// </summary>
    private const int FewTrials = 5;

    /// <summary>Where a stack's residuals are winsorised, in scales of the fit.</summary>
    private const double Limit = 2.5;

    /// <summary>The same where chance alone would make the strange trials of some stack half of its trials.</summary>
    private const double WideLimit = 3.5;

    /// <summary>Share of trials in which something happens, as decision 0106 assumes, and how probable such a stack may be.</summary>
    private const double Strange = 0.05, Probable = 0.02;

    /// <summary>Below this excess of variance between the logarithms of variances they count as equal.</summary>
    private const double NoExcess = 0.02;

    public static ModeratedSpread Of(AdditiveFit fit, IReadOnlyList<Observation> observations)
    {
        var stacks = fit.Effects.Length;
        var trials = new int[stacks];
        foreach (var o in observations) trials[o.Stack]++;
        var own = new double[stacks];
        var df = new double[stacks];
        for (var i = 0; i < observations.Count; i++)
        {
            var stack = observations[i].Stack;
            var limit = LimitOf(trials[stack], stacks) * fit.Scale;
            own[stack] += Math.Min(fit.Residuals[i] * fit.Residuals[i], limit * limit);
        }
        for (var s = 0; s < stacks; s++)
        {
            df[s] = (double)trials[s] * fit.DegreesOfFreedom / observations.Count;
            own[s] /= df[s] * Gauss.Winsorised(LimitOf(trials[s], stacks));
        }
        var prior = Prior(own, df);
        double Moderated(int s) =>
            double.IsPositiveInfinity(prior) ? fit.Variance : ((prior * fit.Variance) + (df[s] * own[s])) / (prior + df[s]);
        return new ModeratedSpread(
            [.. Enumerable.Range(0, stacks).Select(s => Math.Max(Moderated(s), 1e-24))],
            [.. Enumerable.Range(0, stacks).Select(s => Math.Min(fit.DegreesOfFreedom, prior + df[s]))]);
    }

    private static double LimitOf(int trials, int stacks)
    {
        if (trials < FewTrials) return double.PositiveInfinity;
        var half = 1 - Binomial.CDF(Strange, trials, ((trials + 1) / 2) - 1);
        return stacks * half > Probable ? WideLimit : Limit;
    }

    /// <summary>
    /// Degrees of freedom that the pooled variance is worth beside a stack's own; infinite when all agree, or are only two.
    /// </summary>
    private static double Prior(double[] variances, double[] df)
    {
        if (variances.Length < 3) return double.PositiveInfinity;
        double[] logs = [.. variances.Zip(df, (v, d) => Math.Log(Math.Max(v, 1e-24)) - SpecialFunctions.DiGamma(d / 2) + Math.Log(d / 2))];
        var mean = logs.Average();
        var excess = (logs.Sum(e => (e - mean) * (e - mean)) / (logs.Length - 1)) - df.Average(d => TriGamma(d / 2));
        return excess <= NoExcess ? double.PositiveInfinity : Math.Max(1, 2 * InverseTriGamma(excess));
    }

    /// <summary>By recurrence and the asymptotic series (Abramowitz and Stegun, 6.4.12).</summary>
    private static double TriGamma(double x)
    {
        var sum = 0.0;
        for (; x < 8; x++) sum += 1 / (x * x);
        return sum + (1 / x) + (1 / (2 * x * x)) + (1 / (6 * x * x * x)) - (1 / (30 * Math.Pow(x, 5)));
    }

    private static double InverseTriGamma(double value)
    {
        var (low, high) = (1e-3, 1e4);
        for (var i = 0; i < 60; i++)
        {
            var middle = Math.Sqrt(low * high);
            if (TriGamma(middle) > value) low = middle;
            else high = middle;
        }
        return low;
    }
}
