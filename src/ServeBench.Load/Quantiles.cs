namespace ServeBench.Load;

/// <summary>Percentiles of sorted nanoseconds, by linear interpolation at p (n - 1) (method.md, rule 14).</summary>
internal static class Quantiles
{
    public static double Seconds(ReadOnlySpan<long> sorted, double p) => Of(sorted, p) / 1e9;

    public static double Of(ReadOnlySpan<long> sorted, double p)
    {
        var at = p * (sorted.Length - 1);
        var low = (int)at;
        var high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }
}
