namespace ServeBench.Load.Schedules;

/// <summary>
/// The natural logarithm out of additions, multiplications and divisions only, which IEEE 754 rounds alike everywhere.
/// Math.Log calls the C library of the machine, whose last bit differs between them, and arrival times must not.
/// </summary>
internal static class ExactLogarithm
{
    private const double Ln2 = 0.693147180559945309417232121458;
    private const double SquareRootOf2 = 1.41421356237309504880168872421;

    /// <summary>ln x for a positive normal x, within 4e-16 of the true value or of its last two bits.</summary>
    public static double Of(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xfffffffffffffL) | (1023L << 52));
        if (mantissa > SquareRootOf2)
        {
            mantissa /= 2;
            exponent++;
        }
        // ln m = 2 artanh(s) = 2 (s + s^3/3 + s^5/5 + ...) with s = (m - 1) / (m + 1), |s| <= 0.1716.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var series = 1.0 / 23;
        for (var odd = 21; odd >= 1; odd -= 2) series = series * square + 1.0 / odd;
        return exponent * Ln2 + 2 * s * series;
    }
}
