using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;

namespace ServeBench.Measurement.Statistics;

/// <summary>
/// The interval of a percentile between two order statistics: of n samples the number below the percentile is binomial, whatever the
/// distribution, so the interval holds it with at least the confidence asked (Hahn and Meeker, Statistical Intervals, 1991, section
/// 5.2). It describes this stretch of requests as if they were independent; how deployments differ shows in the trials.
/// </summary>
public static class PercentileInterval
{
    private const double Tail = 0.025;
    private static readonly ConcurrentDictionary<double, int> Known = [];

    /// <summary>Places of the two order statistics, counted from zero; null where there are too few samples for either end.</summary>
    /// <param name="samples">How many there are.</param>
    /// <param name="p">The percentile as a share, above 0 and below 1.</param>
    public static (int Low, int High)? Places(int samples, double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        if (samples < Needed(p)) return null;
        // P(at least r+1 of n below) is to be at least 1-tail for the lower end, P(at most r below) for the upper.
        var low = Search(samples, r => Binomial.CDF(p, samples, r) > Tail) - 1;
        var high = Search(samples, r => Binomial.CDF(p, samples, r) >= 1 - Tail);
        return low < 0 || high >= samples ? null : (low, high);
    }

    /// <summary>How many samples it takes for both ends to exist: 72 for p95.</summary>
    public static int Needed(double p) => Known.GetOrAdd(p, static share =>
    {
        var rarer = Math.Max(share, 1 - share);
        return (int)Math.Ceiling(Math.Log(Tail) / Math.Log(rarer));
    });

    /// <summary>The smallest r that does.</summary>
    private static int Search(int samples, Func<int, bool> does)
    {
        var (low, high) = (-1, samples);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (does(middle)) high = middle;
            else low = middle;
        }
        return high;
    }
}
