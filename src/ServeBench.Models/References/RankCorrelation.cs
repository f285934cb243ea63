namespace ServeBench.Models.References;

/// <summary>Spearman's rank correlation (C. Spearman, The proof and measurement of association between two things, 1904).</summary>
public static class RankCorrelation
{
    /// <summary>Pearson's correlation of the ranks; equal values share the mean of their ranks.</summary>
    /// <returns>-1 to 1; NaN where one side has no order at all.</returns>
    public static double Spearman(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"{first.Count} values cannot be paired with {second.Count}", nameof(second));
        var (a, b) = (Ranks(first), Ranks(second));
        // The mean rank is the same on both sides, ties or not.
        var mean = (first.Count + 1) / 2.0;
        double product = 0, left = 0, right = 0;
        for (var i = 0; i < a.Length; i++)
        {
            product += (a[i] - mean) * (b[i] - mean);
            left += (a[i] - mean) * (a[i] - mean);
            right += (b[i] - mean) * (b[i] - mean);
        }
        return product / Math.Sqrt(left * right);
    }

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && values[order[end]].Equals(values[order[start]])) end++;
            for (var i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2.0;
            start = end;
        }
        return ranks;
    }
}
