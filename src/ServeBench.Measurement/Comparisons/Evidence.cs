namespace ServeBench.Measurement.Comparisons;

/// <summary>What a winner needs (method.md, rule 13).</summary>
public static class Evidence
{
    /// <summary>Level of significance of the Holm-corrected test.</summary>
    public const double Level = 0.05;

    /// <summary>The least relative difference that matters in practice; the noise floor replaces it where it is larger.</summary>
    public const double LeastDifference = 0.05;

    /// <summary>The larger over the smaller, minus one: how many per cent more (or longer) the one is than the other.</summary>
    /// <param name="one">Above zero.</param>
    /// <param name="other">Above zero.</param>
    public static double Difference(double one, double other) => (Math.Max(one, other) / Math.Min(one, other)) - 1;
}
