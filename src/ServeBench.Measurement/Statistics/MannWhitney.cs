namespace ServeBench.Measurement.Statistics;

/// <summary>
/// The exact two-sided Mann-Whitney (Wilcoxon rank-sum) test. The p-value is the share of all ways to split the pooled
/// values into groups of the same sizes whose rank sum lies at least as far from its expectation as the one observed.
/// Ties get their mean rank and the count is made over those ranks, so it is exact with ties as well.
/// (Mann and Whitney, Annals of Mathematical Statistics 18, 1947; with ties: Lehmann, Nonparametrics, 1975, section 1.4.)
/// </summary>
public static class MannWhitney
{
    /// <summary>
    /// Largest number of values in one group; the count takes about half a second there. The numbers of splits are whole in a
    /// double up to 28 against 28 and right to 13 digits beyond.
    /// </summary>
    public const int MostValues = 100;

    /// <returns>The p-value, above 0 and at most 1.</returns>
    public static double TwoSided(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        CheckSize(first.Count);
        CheckSize(second.Count);
        // Both groups' rank sums are equally far from their expectations; counting over the smaller is cheaper.
        if (first.Count > second.Count) (first, second) = (second, first);
        var ranks = DoubledRanks([.. first, .. second]);
        var observed = ranks.Take(first.Count).Sum();
        var counts = CountSplits(ranks, first.Count);

        // Doubled ranks keep sums whole; times the pooled size, the expectation is whole too, so distances compare exactly.
        var pooled = ranks.Length;
        var expected = (long)first.Count * ranks.Sum();
        long Distance(int sum) => Math.Abs(((long)sum * pooled) - expected);

        double extreme = 0, all = 0;
        for (var sum = 0; sum < counts.Length; sum++)
        {
            all += counts[sum];
            if (Distance(sum) >= Distance(observed)) extreme += counts[sum];
        }
        return extreme / all;
    }

    /// <summary>The smallest p-value that groups of these sizes can give: every value of one beyond every value of the other.</summary>
    public static double Least(int first, int second)
    {
        CheckSize(first);
        CheckSize(second);
        double splits = 1;
        for (var i = 1; i <= first; i++) splits = splits * (second + i) / i;
        return Math.Min(1, 2 / splits);
    }

    /// <summary>Twice the rank of each value, ties sharing their mean rank; whole numbers.</summary>
    private static int[] DoubledRanks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new int[values.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end + 1 < order.Length && values[order[end + 1]] == values[order[start]]) end++;
            for (var i = start; i <= end; i++) ranks[order[i]] = start + end + 2;
            start = end + 1;
        }
        return ranks;
    }

    /// <summary>For every sum, how many ways there are to choose <paramref name="size"/> of the ranks with that sum.</summary>
    private static double[] CountSplits(int[] ranks, int size)
    {
        var most = ranks.OrderDescending().Take(size).Sum();
        var counts = new double[size + 1][];
        for (var chosen = 0; chosen <= size; chosen++) counts[chosen] = new double[most + 1];
        counts[0][0] = 1;
        foreach (var rank in ranks)
        {
            for (var chosen = size; chosen >= 1; chosen--)
            {
                var (with, without) = (counts[chosen], counts[chosen - 1]);
                for (var sum = most; sum >= rank; sum--) with[sum] += without[sum - rank];
            }
        }
        return counts[size];
    }

    private static void CheckSize(int count)
    {
        ArgumentOutOfRangeException.ThrowIfZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostValues);
    }
}
