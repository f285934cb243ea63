using System.Collections.Concurrent;

namespace ServeBench.Measurement.Statistics;

/// <summary>
/// How many samples a percentile needs before it may be shown (method.md, rule 14): the smallest n at which seeing no more
/// than one sample beyond the p-quantile would have a probability of at most 1 %, so that the second largest sample bounds the
/// percentile from above with 99 % confidence; the ends of its 95 % interval (<see cref="PercentileInterval"/>) exist then, too.
/// Among n samples the number beyond is binomial, so n is the smallest with
/// p^n + n(1-p)p^(n-1) &lt;= 0.01. The same criterion gives MLPerf LoadGen's early-stopping table: 64 for p90, 130 for p95,
/// 662 for p99, 6,636 for p99.9.
/// </summary>
public static class SampleSupport
{
    /// <summary>Largest probability of being misled: 1 minus the confidence.</summary>
    public const double Risk = 0.01;

    private static readonly ConcurrentDictionary<double, int> Known = [];

    /// <param name="p">The percentile as a share, above 0 and below 1.</param>
    public static int Needed(double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        return Known.GetOrAdd(p, Search);
    }

    public static bool Supports(double p, int samples) => samples >= Needed(p);

    private static int Search(double p)
    {
        var enough = 2;
        while (AtMostOneBeyond(enough, p) > Risk) enough *= 2;
        var tooFew = enough / 2;
        while (enough - tooFew > 1)
        {
            var middle = (enough + tooFew) / 2;
            if (AtMostOneBeyond(middle, p) > Risk) tooFew = middle;
            else enough = middle;
        }
        return enough;
    }

    private static double AtMostOneBeyond(int n, double p) => Math.Pow(p, n) + (n * (1 - p) * Math.Pow(p, n - 1));
}
