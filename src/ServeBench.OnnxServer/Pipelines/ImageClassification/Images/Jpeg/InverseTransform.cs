using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

/// <summary>
/// The inverse discrete cosine transform of 8 x 8 coefficients (Loeffler, Ligtenberg and Moschytz 1989), in the whole numbers of libjpeg's
/// "islow", so that samples are the same to the bit as those of libjpeg-turbo, and so of Pillow.
/// </summary>
internal static class InverseTransform
{
    private const int Side = JpegComponent.Block;

    /// <summary>Bits behind the point of the constants, and of what is between the two passes.</summary>
    private const int ConstantBits = 13;
    private const int PassBits = 2;

    /// <summary>After the second pass the sum of a row and a column is eight times too large.</summary>
    private const int LastShift = ConstantBits + PassBits + 3;

    private const int Middle = 128;

    // The constants of the algorithm times 2^13.
    private const int F0298 = 2446;
    private const int F0390 = 3196;
    private const int F0541 = 4433;
    private const int F0765 = 6270;
    private const int F0899 = 7373;
    private const int F1175 = 9633;
    private const int F1501 = 12299;
    private const int F1847 = 15137;
    private const int F1961 = 16069;
    private const int F2053 = 16819;
    private const int F2562 = 20995;
    private const int F3072 = 25172;

    /// <param name="block">Coefficients, row by row.</param>
    /// <param name="quantiser">What they are multiplied by.</param>
    /// <param name="hasOthers">False where all but the first are known to be zeros.</param>
    /// <param name="into">Receives eight rows of eight samples.</param>
    /// <param name="stride">From one row to the next.</param>
    public static void Run(ReadOnlySpan<short> block, ReadOnlySpan<int> quantiser, bool hasOthers, Span<byte> into, int stride)
    {
        if (!hasOthers) Fill(block[0] * quantiser[0], into, stride);
        else if (Avx2.IsSupported) RunAvx2(block, quantiser, into, stride);
        else RunPlain(block, quantiser, into, stride);
    }

    /// <summary>As <see cref="Run"/>, on any processor.</summary>
    internal static void RunPlain(ReadOnlySpan<short> block, ReadOnlySpan<int> quantiser, Span<byte> into, int stride)
    {
        Span<int> values = stackalloc int[JpegComponent.BlockSize];
        for (var i = 0; i < values.Length; i++) values[i] = block[i] * quantiser[i];
        for (var column = 0; column < Side; column++)
        {
            Pass(values[column..], Side, ConstantBits - PassBits);
            // Vector instructions keep 16 bits here; only a damaged file has more.
            for (var row = 0; row < Side; row++)
                values[(row * Side) + column] = Math.Clamp(values[(row * Side) + column], short.MinValue, short.MaxValue);
        }
        for (var row = 0; row < Side; row++)
        {
            Pass(values[(row * Side)..], 1, LastShift);
            for (var column = 0; column < Side; column++)
                into[(row * stride) + column] = (byte)Math.Clamp(values[(row * Side) + column] + Middle, 0, 255);
        }
    }

    private static void Fill(int first, Span<byte> into, int stride)
    {
        var between = Math.Clamp(first << PassBits, short.MinValue, short.MaxValue);
        var sample = (byte)Math.Clamp(((between + (1 << (PassBits + 2))) >> (PassBits + 3)) + Middle, 0, 255);
        for (var row = 0; row < Side; row++) into.Slice(row * stride, Side).Fill(sample);
    }

    private static void Pass(Span<int> x, int step, int shift)
    {
        var z1 = (x[2 * step] + x[6 * step]) * F0541;
        var (t2, t3) = (z1 - (x[6 * step] * F1847), z1 + (x[2 * step] * F0765));
        var (t0, t1) = ((x[0] + x[4 * step]) << ConstantBits, (x[0] - x[4 * step]) << ConstantBits);
        var (e0, e3, e1, e2) = (t0 + t3, t0 - t3, t1 + t2, t1 - t2);
        var (o0, o1, o2, o3) = (x[7 * step], x[5 * step], x[3 * step], x[step]);
        var (z5, y1, y2) = ((o0 + o2 + o1 + o3) * F1175, (o0 + o3) * -F0899, (o1 + o2) * -F2562);
        var (y3, y4) = (((o0 + o2) * -F1961) + z5, ((o1 + o3) * -F0390) + z5);
        o0 = (o0 * F0298) + y1 + y3;
        o1 = (o1 * F2053) + y2 + y4;
        o2 = (o2 * F3072) + y2 + y3;
        o3 = (o3 * F1501) + y1 + y4;
        var half = 1 << (shift - 1);
        (x[0], x[7 * step]) = ((e0 + o3 + half) >> shift, (e0 - o3 + half) >> shift);
        (x[step], x[6 * step]) = ((e1 + o2 + half) >> shift, (e1 - o2 + half) >> shift);
        (x[2 * step], x[5 * step]) = ((e2 + o1 + half) >> shift, (e2 - o1 + half) >> shift);
        (x[3 * step], x[4 * step]) = ((e3 + o0 + half) >> shift, (e3 - o0 + half) >> shift);
    }

    private static void RunAvx2(ReadOnlySpan<short> block, ReadOnlySpan<int> quantiser, Span<byte> into, int stride)
    {
        _ = (block[JpegComponent.BlockSize - 1], quantiser[JpegComponent.BlockSize - 1], into[((Side - 1) * stride) + Side - 1]);
        ref var coefficients = ref MemoryMarshal.GetReference(block);
        ref var factors = ref MemoryMarshal.GetReference(quantiser);
        var (x0, x1) = (Load(ref coefficients, ref factors, 0), Load(ref coefficients, ref factors, 1));
        var (x2, x3) = (Load(ref coefficients, ref factors, 2), Load(ref coefficients, ref factors, 3));
        var (x4, x5) = (Load(ref coefficients, ref factors, 4), Load(ref coefficients, ref factors, 5));
        var (x6, x7) = (Load(ref coefficients, ref factors, 6), Load(ref coefficients, ref factors, 7));
        Pass(ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7, ConstantBits - PassBits);
        var (r0, r1, r2, r3, r4, r5, r6, r7) = (Pack(x0), Pack(x1), Pack(x2), Pack(x3), Pack(x4), Pack(x5), Pack(x6), Pack(x7));
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        (x0, x1, x2, x3) = (Widen(r0), Widen(r1), Widen(r2), Widen(r3));
        (x4, x5, x6, x7) = (Widen(r4), Widen(r5), Widen(r6), Widen(r7));
        Pass(ref x0, ref x1, ref x2, ref x3, ref x4, ref x5, ref x6, ref x7, LastShift);
        (r0, r1, r2, r3, r4, r5, r6, r7) = (Pack(x0), Pack(x1), Pack(x2), Pack(x3), Pack(x4), Pack(x5), Pack(x6), Pack(x7));
        Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        ref var sample = ref MemoryMarshal.GetReference(into);
        Store(r0, r1, ref sample, 0, stride);
        Store(r2, r3, ref sample, 2, stride);
        Store(r4, r5, ref sample, 4, stride);
        Store(r6, r7, ref sample, 6, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(ref short coefficients, ref int factors, int row) => Avx2.MultiplyLow(
        Widen(Vector128.LoadUnsafe(ref coefficients, (nuint)(row * Side))), Vector256.LoadUnsafe(ref factors, (nuint)(row * Side)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(Vector128<short> values) => Avx2.ConvertToVector256Int32(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Pack(Vector256<int> values) => Sse2.PackSignedSaturate(values.GetLower(), values.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Times(Vector256<int> values, int constant) => Avx2.MultiplyLow(values, Vector256.Create(constant));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(
        ref Vector256<int> x0,
        ref Vector256<int> x1,
        ref Vector256<int> x2,
        ref Vector256<int> x3,
        ref Vector256<int> x4,
        ref Vector256<int> x5,
        ref Vector256<int> x6,
        ref Vector256<int> x7,
        [ConstantExpected] byte shift)
    {
        var z1 = Times(Avx2.Add(x2, x6), F0541);
        var t2 = Avx2.Subtract(z1, Times(x6, F1847));
        var t3 = Avx2.Add(z1, Times(x2, F0765));
        var t0 = Avx2.ShiftLeftLogical(Avx2.Add(x0, x4), ConstantBits);
        var t1 = Avx2.ShiftLeftLogical(Avx2.Subtract(x0, x4), ConstantBits);
        var half = Vector256.Create(1 << (shift - 1));
        var (e0, e3) = (Avx2.Add(Avx2.Add(t0, t3), half), Avx2.Add(Avx2.Subtract(t0, t3), half));
        var (e1, e2) = (Avx2.Add(Avx2.Add(t1, t2), half), Avx2.Add(Avx2.Subtract(t1, t2), half));
        var (s3, s4) = (Avx2.Add(x7, x3), Avx2.Add(x5, x1));
        var z5 = Times(Avx2.Add(s3, s4), F1175);
        var y1 = Times(Avx2.Add(x7, x1), -F0899);
        var y2 = Times(Avx2.Add(x5, x3), -F2562);
        var y3 = Avx2.Add(Times(s3, -F1961), z5);
        var y4 = Avx2.Add(Times(s4, -F0390), z5);
        var o0 = Avx2.Add(Times(x7, F0298), Avx2.Add(y1, y3));
        var o1 = Avx2.Add(Times(x5, F2053), Avx2.Add(y2, y4));
        var o2 = Avx2.Add(Times(x3, F3072), Avx2.Add(y2, y3));
        var o3 = Avx2.Add(Times(x1, F1501), Avx2.Add(y1, y4));
        (x0, x7) = (Shift(Avx2.Add(e0, o3), shift), Shift(Avx2.Subtract(e0, o3), shift));
        (x1, x6) = (Shift(Avx2.Add(e1, o2), shift), Shift(Avx2.Subtract(e1, o2), shift));
        (x2, x5) = (Shift(Avx2.Add(e2, o1), shift), Shift(Avx2.Subtract(e2, o1), shift));
        (x3, x4) = (Shift(Avx2.Add(e3, o0), shift), Shift(Avx2.Subtract(e3, o0), shift));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector128<short> r0,
        ref Vector128<short> r1,
        ref Vector128<short> r2,
        ref Vector128<short> r3,
        ref Vector128<short> r4,
        ref Vector128<short> r5,
        ref Vector128<short> r6,
        ref Vector128<short> r7)
    {
        var (a0, a1) = (Sse2.UnpackLow(r0, r4), Sse2.UnpackHigh(r0, r4));
        var (a2, a3) = (Sse2.UnpackLow(r1, r5), Sse2.UnpackHigh(r1, r5));
        var (a4, a5) = (Sse2.UnpackLow(r2, r6), Sse2.UnpackHigh(r2, r6));
        var (a6, a7) = (Sse2.UnpackLow(r3, r7), Sse2.UnpackHigh(r3, r7));
        var (b0, b1) = (Sse2.UnpackLow(a0, a4), Sse2.UnpackHigh(a0, a4));
        var (b2, b3) = (Sse2.UnpackLow(a1, a5), Sse2.UnpackHigh(a1, a5));
        var (b4, b5) = (Sse2.UnpackLow(a2, a6), Sse2.UnpackHigh(a2, a6));
        var (b6, b7) = (Sse2.UnpackLow(a3, a7), Sse2.UnpackHigh(a3, a7));
        (r0, r1) = (Sse2.UnpackLow(b0, b4), Sse2.UnpackHigh(b0, b4));
        (r2, r3) = (Sse2.UnpackLow(b1, b5), Sse2.UnpackHigh(b1, b5));
        (r4, r5) = (Sse2.UnpackLow(b2, b6), Sse2.UnpackHigh(b2, b6));
        (r6, r7) = (Sse2.UnpackLow(b3, b7), Sse2.UnpackHigh(b3, b7));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<short> first, Vector128<short> second, ref byte into, int row, int stride)
    {
        var middle = Vector128.Create((short)Middle);
        var bytes = Sse2.PackUnsignedSaturate(Sse2.AddSaturate(first, middle), Sse2.AddSaturate(second, middle)).AsUInt64();
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref into, row * stride), bytes.ToScalar());
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref into, (row + 1) * stride), bytes.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Shift(Vector256<int> values, [ConstantExpected] byte shift) =>
        Avx2.ShiftRightArithmetic(values, shift);
}
