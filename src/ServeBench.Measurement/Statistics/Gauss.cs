using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace ServeBench.Measurement.Statistics;

/// <summary>The normal distribution, and nodes for integrating over it.</summary>
internal static class Gauss
{
    /// <summary>Share of a standard normal below x.</summary>
    public static double Below(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    public static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>Mean of min(z², c²) of a standard normal z: what winsorising at c leaves of the variance.</summary>
    public static double Winsorised(double c) =>
        double.IsPositiveInfinity(c) ? 1 : (2 * Below(c)) - 1 - (2 * c * Density(c)) + (2 * c * c * Below(-c));

    /// <summary>Gauss-Legendre nodes and weights on an interval.</summary>
    public static (double At, double Weight)[] Nodes(int count, double from, double to)
    {
        var rule = new GaussLegendreRule(from, to, count);
        return [.. Enumerable.Range(0, count).Select(i => (rule.GetAbscissa(i), rule.GetWeight(i)))];
    }
}
