namespace ServeBench.Models.References;

/// <summary>
/// The error function in double precision, which .NET lacks. Values on a grid come from a series or, further out, from a
/// continued fraction of the complement; between grid points Taylor's series is followed for at most 1/128. Good to about 3e-16.
/// </summary>
internal static class ErrorFunction
{
    private const int PointsPerUnit = 64;

    /// <summary>From here on the function is 1 to the last bit of a double.</summary>
    private const double Saturation = 6;

    private const int TaylorTerms = 9;

    private static readonly double[] Grid =
        [.. Enumerable.Range(0, (int)(Saturation * PointsPerUnit) + 1).Select(i => OnGrid((double)i / PointsPerUnit))];

    public static double Erf(double x)
    {
        var magnitude = Math.Abs(x);
        if (magnitude >= Saturation) return Math.Sign(x);
        var index = (int)((magnitude * PointsPerUnit) + 0.5);
        var point = (double)index / PointsPerUnit;
        var step = magnitude - point;

        // The derivative g = 2/sqrt(pi) exp(-x^2) satisfies g' = -2xg, so its Taylor coefficients obey
        // (n+1) c[n+1] = -2 (x c[n] + c[n-1]); integrating term by term gives those of erf.
        var previous = 0.0;
        var coefficient = 2 / Math.Sqrt(Math.PI) * Math.Exp(-point * point);
        var power = step;
        var sum = Grid[index];
        for (var n = 0; n < TaylorTerms; n++)
        {
            sum += coefficient * power / (n + 1);
            power *= step;
            (previous, coefficient) = (coefficient, -2 * ((point * coefficient) + previous) / (n + 1));
        }
        return x < 0 ? -sum : sum;
    }

    private static double OnGrid(double x) => x <= 2 ? Series(x) : 1 - Complement(x);

    /// <summary>
    /// 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!! (Abramowitz and Stegun 7.1.6): all terms are positive, so nothing
    /// cancels.
    /// </summary>
    private static double Series(double x)
    {
        var term = x;
        var sum = x;
        for (var n = 1; term > sum * 1e-18; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>
    /// exp(-x^2) / sqrt(pi) times 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ...)))) (Abramowitz and Stegun 7.1.14), from the inside
    /// out.
    /// </summary>
    private static double Complement(double x)
    {
        var fraction = x;
        for (var n = 200; n > 0; n--) fraction = x + (n / 2.0 / fraction);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}
