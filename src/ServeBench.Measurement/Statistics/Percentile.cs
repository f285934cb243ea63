namespace ServeBench.Measurement.Statistics;

/// <summary>
/// Percentiles by linear interpolation between order statistics at the position p(n-1), counted from zero
/// (type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50, 1996).
/// </summary>
public static class Percentile
{
    /// <param name="sorted">Ascending values; at least one.</param>
    /// <param name="p">Share of the values at or below the result, 0 to 1.</param>
    public static double OfSorted(ReadOnlySpan<long> sorted, double p)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(sorted));
        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        var position = p * (sorted.Length - 1);
        var below = (int)position;
        var fraction = position - below;
        return fraction == 0 ? sorted[below] : sorted[below] + (fraction * (sorted[below + 1] - sorted[below]));
    }
}
