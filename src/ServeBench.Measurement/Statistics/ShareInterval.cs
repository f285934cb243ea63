using MathNet.Numerics.Distributions;

namespace ServeBench.Measurement.Statistics;

/// <summary>The exact 95 % interval of a share that was counted (Clopper and Pearson, Biometrika 26, 1934).</summary>
public static class ShareInterval
{
    private const double Tail = 0.025;

    /// <param name="count">How many did.</param>
    /// <param name="of">Of how many, one at least.</param>
    public static (double Low, double High) Of(int count, int of)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(of);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, of);
        return (count == 0 ? 0 : Beta.InvCDF(count, of - count + 1, Tail), count == of ? 1 : Beta.InvCDF(count + 1, of - count, 1 - Tail));
    }
}
