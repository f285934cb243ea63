using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;

namespace ServeBench.Measurement.Statistics;

/// <param name="Below">Standard errors from the estimate down to the lower end.</param>
/// <param name="Above">Standard errors from the estimate up to the upper end.</param>
internal readonly record struct Reach(double Below, double Above);

/// <summary>
/// How far intervals of "best against the rest" reach, so that all of them hold at once with the confidence asked, although the best
/// was picked by its estimate. With k stacks of which m could be the best, studentised by a spread on ν degrees of freedom,
/// all hold with probability
/// <c>∫ f_ν(s) ∫ m φ(z) [Φ(z) - Φ(z-ls√2)]^(m-1) [Φ(z+us√2) - Φ(z-ls√2)]^(k-m) dz ds</c>.
/// m = 1 is Dunnett's comparison with a control (Journal of the American Statistical Association 50, 1955); m = k, where picking
/// the largest of equals biases most, is the studentised range (Tukey 1953; Hsu, Multiple Comparisons, 1996, chapters 3 to 5). The
/// upper end decides only who is equivalent and is never crossed by picking the best, so it gets 15 % of the risk.
/// </summary>
internal static class SelectedBest
{
    private const double UpperShare = 0.15;
    private const double Root2 = 1.4142135623730951;
    private static readonly (double At, double Weight)[] Z = Gauss.Nodes(96, -8, 8);
    private static readonly (double At, double Weight)[] Shares = Gauss.Nodes(48, 0, 1);
    private static readonly int[] Grid = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 25, 30, 40, 60, 120, 100_000];
    private static readonly ConcurrentDictionary<(int K, int M, int Df, double Level), Reach> Known = [];
    private static readonly ConcurrentDictionary<int, double[]> Spreads = [];

    /// <param name="stacks">k, two at least.</param>
    /// <param name="candidates">m, from 1 to k.</param>
    /// <param name="df">Degrees of freedom of the spread; between those tabulated it is interpolated in 1/df.</param>
    /// <param name="level">Risk that any interval misses.</param>
    public static Reach Of(int stacks, int candidates, double df, double level)
    {
        var upper = Array.FindIndex(Grid, g => g >= df);
        if (upper < 0) upper = Grid.Length - 1;
        if (upper == 0 || Grid[upper] == df) return At(stacks, candidates, Grid[upper], level);
        var (few, many) = (Grid[upper - 1], Grid[upper]);
        var share = ((1.0 / few) - (1 / df)) / ((1.0 / few) - (1.0 / many));
        var (a, b) = (At(stacks, candidates, few, level), At(stacks, candidates, many, level));
        return new Reach(a.Below + (share * (b.Below - a.Below)), a.Above + (share * (b.Above - a.Above)));
    }

    private static Reach At(int k, int m, int df, double level) => Known.GetOrAdd((k, m, df, level), static key =>
    {
        var spread = SpreadAt(key.Df);
        var above = Solve(u => Holding(key.K, 1, spread, double.PositiveInfinity, u), 1 - (UpperShare * key.Level));
        return new Reach(Solve(l => Holding(key.K, key.M, spread, l, above), 1 - key.Level), above);
    });

    /// <summary>Probability that all intervals hold.</summary>
    internal static double Holding(int k, int m, double[] spread, double below, double above)
    {
        var all = 0.0;
        for (var i = 0; i < spread.Length; i++)
        {
            var (l, u) = (below * Root2 * spread[i], above * Root2 * spread[i]);
            var inner = 0.0;
            foreach (var (z, weight) in Z)
            {
                var low = Gauss.Below(z - l);
                var others = k > m ? Math.Pow(Gauss.Below(z + u) - low, k - m) : 1;
                inner += weight * m * Gauss.Density(z) * Math.Pow(Gauss.Below(z) - low, m - 1) * others;
            }
            all += Shares[i].Weight * inner;
        }
        return all;
    }

    /// <summary>
    /// How many standard errors a difference must truly lie beyond a limit for its interval, which reaches so far below an estimate, to lie
    /// beyond it with some probability. The reach is in estimated errors, which scatter: with few degrees of freedom they are often too
    /// large
    /// (the quantile of a non-central t distribution; Johnson and Welch, Biometrika 31, 1940).
    /// </summary>
    /// <param name="below">As in <see cref="Reach"/>.</param>
    /// <param name="df">Degrees of freedom of the spread.</param>
    /// <param name="probability">For example 0.9.</param>
    public static double Beyond(double below, int df, double probability)
    {
        var spread = SpreadAt(df);
        return Solve(beyond => spread.Select((s, i) => Shares[i].Weight * Gauss.Below(beyond - (below * s))).Sum(), probability);
    }

    /// <summary>Quantiles of sqrt(χ²/df) at the nodes.</summary>
    internal static double[] SpreadAt(int df) => Spreads.GetOrAdd(df, static d =>
        [.. Shares.Select(s => d >= 1000 ? 1.0 : Math.Sqrt(ChiSquared.InvCDF(d, s.At) / d))]);

    private static double Solve(Func<double, double> holding, double target)
    {
        var (low, high) = (0.0, 4.0);
        while (holding(high) < target && high < 1e6) (low, high) = (high, high * 2);
        for (var i = 0; i < 40 && high - low > 1e-7 * high; i++)
        {
            var middle = (low + high) / 2;
            if (holding(middle) < target) low = middle;
            else high = middle;
        }
        return high;
    }
}
