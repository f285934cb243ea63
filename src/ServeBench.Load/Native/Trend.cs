namespace ServeBench.Load.Native;

/// <summary>
/// The Mann-Kendall test (Mann, 1945) on successive windows, beside the size of the trend by the Theil-Sen slope. Windows without a
/// trend are exchangeable, whatever their distribution, so its level is exact: of six windows at most one row in 60 is called a trend,
/// for S, the pairs in rising minus those in falling order, is then at least 13 in size for 12 of the 720 orders.
/// </summary>
internal static class Trend
{
    /// <summary>Largest probability of seeing a trend in windows that have none, on both sides together.</summary>
    public const double Level = 0.025;

    /// <summary>A change from the first to the last window beyond this counts even where so few windows cannot prove it.</summary>
    public const double LargestChange = 0.25;

    /// <param name="values">All above 0, in order of time.</param>
    public static bool IsIn(IReadOnlyList<double> values) => Chance(values) <= Level || Change(values) > LargestChange;

    /// <summary>
    /// The probability of an S of this size or more where there is no trend; ties count for neither side, which makes it larger.
    /// </summary>
    internal static double Chance(IReadOnlyList<double> values)
    {
        var s = 0;
        for (var i = 0; i < values.Count; i++)
        {
            for (var j = i + 1; j < values.Count; j++) s += values[j].CompareTo(values[i]);
        }
        var pairs = values.Count * (values.Count - 1) / 2;
        // S = pairs - 2 x inversions: how many orders of n values have so many inversions follows from those of n - 1.
        var orders = new double[pairs + 1];
        orders[0] = 1;
        for (var n = 2; n <= values.Count; n++)
        {
            var before = (double[])orders.Clone();
            for (var k = 0; k <= pairs; k++) orders[k] = Enumerable.Range(0, Math.Min(n, k + 1)).Sum(i => before[k - i]) / n;
        }
        var inversions = (pairs - Math.Abs(s)) / 2;
        return Math.Min(1, 2 * orders.Take(inversions + 1).Sum());
    }

    /// <summary>
    /// By how much the values change from the first to the last, up or down, as a share of their median: the median slope of all
    /// pairs.
    /// </summary>
    private static double Change(IReadOnlyList<double> values)
    {
        double[] slopes = [
            .. from i in Enumerable.Range(0, values.Count)
                from j in Enumerable.Range(i + 1, values.Count - i - 1)
                select (values[j] - values[i]) / (j - i)];
        return Math.Abs(Median(slopes)) * (values.Count - 1) / Median(values);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
