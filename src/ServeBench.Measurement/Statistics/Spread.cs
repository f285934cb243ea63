namespace ServeBench.Measurement.Statistics;

/// <summary>What is shown of a metric across trials: the median and the range (method.md, rule 14).</summary>
/// <param name="Median">The middle trial, or midway between the two middle ones.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Greatest">The largest.</param>
/// <param name="Trials">How many there were.</param>
public sealed record Spread(double Median, double Least, double Greatest, int Trials)
{
    /// <param name="values">At least one value, in any order.</param>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(values));
        return new Spread(MedianOfSorted(sorted), sorted[0], sorted[^1], sorted.Length);
    }

    public static double MedianOf(IEnumerable<double> values) => Of(values).Median;

    private static double MedianOfSorted(double[] sorted)
    {
        var upper = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2;
    }
}
