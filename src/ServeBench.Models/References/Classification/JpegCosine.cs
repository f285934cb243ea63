namespace ServeBench.Models.References.Classification;

/// <summary>
/// The inverse cosine transform of Loeffler, Ligtenberg and Moschytz (1989) with numbers of 13 bits behind the point: the accurate one of
/// the Independent JPEG Group's library (jidctint.c), bit for bit.
/// </summary>
internal static class JpegCosine
{
    private const int Bits = 13;
    private const int FirstPassBits = 2;

    /// <param name="block">Coefficients, multiplied with their quantisation, row by row; is overwritten.</param>
    /// <param name="into">Receives samples from 0 to 255.</param>
    /// <param name="at">Where the first of them goes.</param>
    /// <param name="stride">Samples from one row to the next.</param>
    public static void Inverse(Span<int> block, byte[] into, int at, int stride)
    {
        Span<int> line = stackalloc int[8];
        for (var column = 0; column < 8; column++)
        {
            for (var i = 0; i < 8; i++) line[i] = block[(8 * i) + column];
            Transform(line, Bits - FirstPassBits);
            for (var i = 0; i < 8; i++) block[(8 * i) + column] = line[i];
        }
        for (var row = 0; row < 8; row++)
        {
            block.Slice(8 * row, 8).CopyTo(line);
            Transform(line, Bits + FirstPassBits + 3);
            for (var i = 0; i < 8; i++) into[at + (row * stride) + i] = (byte)Math.Clamp(line[i] + 128, 0, 255);
        }
    }

    private static void Transform(Span<int> x, int shift)
    {
        var common = (x[2] + x[6]) * 4433;
        var even2 = common - (x[6] * 15137);
        var even3 = common + (x[2] * 6270);
        var (sum, difference) = ((x[0] + x[4]) << Bits, (x[0] - x[4]) << Bits);
        var (even0, even1) = (sum + even3, difference + even2);
        (even3, even2) = (sum - even3, difference - even2);

        var (z1, z2, z3, z4) = (x[7] + x[1], x[5] + x[3], x[7] + x[3], x[5] + x[1]);
        var z5 = (z3 + z4) * 9633;
        (z1, z2, z3, z4) = (z1 * -7373, z2 * -20995, (z3 * -16069) + z5, (z4 * -3196) + z5);
        var odd0 = (x[7] * 2446) + z1 + z3;
        var odd1 = (x[5] * 16819) + z2 + z4;
        var odd2 = (x[3] * 25172) + z2 + z3;
        var odd3 = (x[1] * 12299) + z1 + z4;

        var half = 1 << (shift - 1);
        (x[0], x[7]) = ((even0 + odd3 + half) >> shift, (even0 - odd3 + half) >> shift);
        (x[1], x[6]) = ((even1 + odd2 + half) >> shift, (even1 - odd2 + half) >> shift);
        (x[2], x[5]) = ((even2 + odd1 + half) >> shift, (even2 - odd1 + half) >> shift);
        (x[3], x[4]) = ((even3 + odd0 + half) >> shift, (even3 - odd0 + half) >> shift);
    }
}
