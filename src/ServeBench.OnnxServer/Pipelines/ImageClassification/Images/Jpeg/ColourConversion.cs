using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

/// <summary>Makes pixels of samples, in the whole numbers of libjpeg (JFIF 1.02: full-range BT.601).</summary>
internal static class ColourConversion
{
    private const int Step = 8;

    // 1.402 - 1, 2 - 1.772, 0.34414 and 1 - 0.71414, times 2^16.
    private const int RedOfCr = 26345;
    private const int BlueOfCb = -14942;
    private const int GreenOfCb = -22554;
    private const int GreenOfCr = 18734;

    /// <summary>Luminance and two colour differences.</summary>
    /// <param name="width">Pixels; up to seven more are read and written.</param>
    public static void FromYcc(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<uint> into, int width)
    {
        if (!Sse2.IsSupported)
        {
            FromYccPlain(y, cb, cr, into, width);
            return;
        }
        var whole = (width + Step - 1) / Step * Step;
        y = y[..whole];
        cb = cb[..whole];
        cr = cr[..whole];
        into = into[..whole];
        ref var pixels = ref Unsafe.As<uint, short>(ref MemoryMarshal.GetReference(into));
        var (middle, one) = (Vector128.Create((short)128), Vector128.Create((short)1));
        var green = Vector128.Create(GreenOfCb & 0xFFFF | (GreenOfCr << 16)).AsInt16();
        for (var x = 0; x < whole; x += Step)
        {
            var (light, blue, red) = (Load(y, x), Sse2.Subtract(Load(cb, x), middle), Sse2.Subtract(Load(cr, x), middle));
            var (blue2, red2) = (Sse2.Add(blue, blue), Sse2.Add(red, red));
            var r = Sse2.Add(Sse2.Add(light, red), Halved(Sse2.MultiplyHigh(red2, Vector128.Create((short)RedOfCr)), one));
            var b = Sse2.Add(Sse2.Add(light, blue2), Halved(Sse2.MultiplyHigh(blue2, Vector128.Create((short)BlueOfCb)), one));
            var g = Sse2.PackSignedSaturate(Green(Sse2.UnpackLow(blue, red), green), Green(Sse2.UnpackHigh(blue, red), green));
            g = Sse2.Add(light, Sse2.Subtract(g, red));
            var rg = Sse2.UnpackLow(Sse2.PackUnsignedSaturate(r, r), Sse2.PackUnsignedSaturate(g, g)).AsInt16();
            var b0 = Sse2.UnpackLow(Sse2.PackUnsignedSaturate(b, b), Vector128<byte>.Zero).AsInt16();
            Sse2.UnpackLow(rg, b0).StoreUnsafe(ref pixels, (nuint)(2 * x));
            Sse2.UnpackHigh(rg, b0).StoreUnsafe(ref pixels, (nuint)(2 * x) + Step);
        }
    }

    /// <summary>As <see cref="FromYcc"/>, on any processor.</summary>
    internal static void FromYccPlain(
        ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<uint> into, int width)
    {
        for (var x = 0; x < width; x++)
        {
            var (light, blue, red) = (y[x], cb[x] - 128, cr[x] - 128);
            var r = light + red + (((red * RedOfCr) + (1 << 15)) >> 16);
            var g = light - red + (((blue * GreenOfCb) + (red * GreenOfCr) + (1 << 15)) >> 16);
            var b = light + (2 * blue) + (((blue * BlueOfCb) + (1 << 15)) >> 16);
            into[x] = Pixel(Math.Clamp(r, 0, 255), Math.Clamp(g, 0, 255), Math.Clamp(b, 0, 255));
        }
    }

    public static void FromRgb(ReadOnlySpan<byte> r, ReadOnlySpan<byte> g, ReadOnlySpan<byte> b, Span<uint> into, int width)
    {
        for (var x = 0; x < width; x++) into[x] = Pixel(r[x], g[x], b[x]);
    }

    public static void FromGrey(ReadOnlySpan<byte> y, Span<uint> into, int width)
    {
        for (var x = 0; x < width; x++) into[x] = y[x] * 0x010101u;
    }

    /// <summary>Four inks, as Pillow makes red, green and blue of them: what an ink and black together let through.</summary>
    /// <param name="isInverted">True where 255 is no ink, as Adobe's programs write it.</param>
    public static void FromInks(
        ReadOnlySpan<byte> c, ReadOnlySpan<byte> m, ReadOnlySpan<byte> y, ReadOnlySpan<byte> k, Span<uint> into, int width, bool isInverted)
    {
        var mask = isInverted ? 255 : 0;
        for (var x = 0; x < width; x++)
        {
            var light = 255 - (k[x] ^ mask);
            into[x] = Pixel(Through(c[x] ^ mask, light), Through(m[x] ^ mask, light), Through(y[x] ^ mask, light));
        }
    }

    /// <summary>Three inks as luminance and colour differences, which <see cref="FromYcc"/> has made inks of, and black.</summary>
    /// <param name="pixels">The inks, and then the pixels.</param>
    public static void WithBlack(ReadOnlySpan<byte> k, Span<uint> pixels, int width)
    {
        for (var x = 0; x < width; x++)
        {
            var (inks, light) = (pixels[x], (int)k[x]);
            pixels[x] = Pixel(
                Through((int)(inks & 255), light), Through((int)((inks >> 8) & 255), light), Through((int)((inks >> 16) & 255), light));
        }
    }

    /// <summary>light (1 - ink / 255), rounded.</summary>
    private static int Through(int ink, int light)
    {
        var product = (ink * light) + 128;
        return Math.Clamp(light - (((product >> 8) + product) >> 8), 0, 255);
    }

    private static uint Pixel(int r, int g, int b) => (uint)(r | (g << 8) | (b << 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Load(ReadOnlySpan<byte> samples, int at)
    {
        var eight = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(samples), at));
        return Sse2.UnpackLow(Vector128.CreateScalarUnsafe(eight).AsByte(), Vector128<byte>.Zero).AsInt16();
    }

    /// <summary>What is above the point of twice a product, rounded: floor(p / 2^16 + 1/2) is floor((floor(2 p / 2^16) + 1) / 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Halved(Vector128<short> high, Vector128<short> one) =>
        Sse2.ShiftRightArithmetic(Sse2.Add(high, one), 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Green(Vector128<short> blueAndRed, Vector128<short> factors) =>
        Sse2.ShiftRightArithmetic(Sse2.Add(Sse2.MultiplyAddAdjacent(blueAndRed, factors), Vector128.Create(1 << 15)), 16);
}
