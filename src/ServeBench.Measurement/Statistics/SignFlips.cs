namespace ServeBench.Measurement.Statistics;

/// <summary>
/// The exact two-sided permutation test of paired values: the share of all ways to flip the signs of the differences whose sum lies
/// at least as far from zero as the one observed (Fisher, The Design of Experiments, 1935, section 21).
/// </summary>
public static class SignFlips
{
    /// <summary>All signs of more differences than this are too many to try.</summary>
    public const int Most = 20;

    /// <summary>With fewer no outcome could reach 5 %: the least p is 2/2^n.</summary>
    public const int Least = 6;

    /// <returns>The p-value; null with fewer differences than <see cref="Least"/> or more than <see cref="Most"/>.</returns>
    public static double? TwoSided(IReadOnlyList<double> differences)
    {
        if (differences.Count is < Least or > Most) return null;
        var observed = Math.Abs(differences.Sum()) * (1 - 1e-12);
        long extreme = 0, all = 1L << differences.Count;
        for (var signs = 0L; signs < all; signs++)
        {
            var sum = 0.0;
            for (var i = 0; i < differences.Count; i++) sum += (signs >> i & 1) == 0 ? differences[i] : -differences[i];
            if (Math.Abs(sum) >= observed) extreme++;
        }
        return (double)extreme / all;
    }
}
