using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ServeBench.Models.Store;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Resizing;

/// <summary>
/// The middle of an image that is scaled as Pillow does it, first across, then down, each rounded to whole numbers. Rows are scaled as they
/// are decoded; of the image itself nothing is kept, and what the middle does not need is not asked for.
/// </summary>
/// <param name="isPlain">True to do without vector instructions, as on processors that have none.</param>
internal sealed class ResizedCentre(bool isPlain = false) : IPixelRows
{
    private readonly bool _usesVectors = Avx2.IsSupported && !isPlain;
    private readonly Weights _across = new();
    private readonly Weights _down = new();
    private uint[] _room = [];

    /// <summary>For each pixel of a row its weights, each as often as a pixel has bytes.</summary>
    private int[] _spread = [];

    /// <summary>The last rows, scaled across.</summary>
    private uint[] _ring = [];
    private uint[] _line = [];
    private byte[] _planes = [];
    private int[] _rows = [];
    private int _size;
    private int _kept;
    private int _next;
    private (ImageSize Source, int Size, int Resize) _plan;

    /// <summary>How many bytes the middle of an image is.</summary>
    public static int BytesOf(ManifestImageInput input) => 3 * input.Size * input.Size;

    public PixelArea Wanted { get; private set; }

    public Span<uint> Room => _room;

    /// <summary>Pixels of a row in memory.</summary>
    private int Stride => _size + IPixelRows.Slack;

    /// <summary>Begins with an image.</summary>
    /// <param name="source">Its size.</param>
    /// <param name="input">How it is scaled, and what is cut out.</param>
    /// <param name="planes">Receives red, green and blue, each [size, size].</param>
    public void Begin(ImageSize source, ManifestImageInput input, byte[] planes)
    {
        (_planes, _size, _next) = (planes, input.Size, 0);
        if (_plan == (source, input.Size, input.Resize)) return;
        var shorter = Math.Min(source.Width, source.Height);
        var (width, height) = ((long)source.Width * input.Resize / shorter, (long)source.Height * input.Resize / shorter);
        _across.Compute(source.Width, width, (width - _size) / 2, _size);
        _down.Compute(source.Height, height, (height - _size) / 2, _size);
        var ((left, right), (top, bottom)) = (_across.Extent, _down.Extent);
        Wanted = new PixelArea(left, top, right, bottom);
        _kept = _down.Taps;
        Ensure(ref _room, Wanted.Width + IPixelRows.Slack);
        Ensure(ref _ring, _kept * Stride);
        Ensure(ref _line, Stride);
        if (_rows.Length < _kept) _rows = new int[_kept];
        Spread();
        _plan = (source, input.Size, input.Resize);
    }

    public void Commit(int row)
    {
        ScaleAcross(_ring.AsSpan(row % _kept * Stride, Stride));
        for (; _next < _size; _next++)
        {
            var (first, count) = _down.Bounds(_next);
            if (first + count - 1 > row) return;
            ScaleDown(first, _down.Of(_next)[..count]);
            Divide(_line, _planes, _next * _size, _size);
        }
    }

    private void Spread()
    {
        var length = _size * _across.Taps * sizeof(uint);
        if (_spread.Length < length) _spread = new int[length];
        for (var x = 0; x < _size; x++)
        {
            var weights = _across.Of(x);
            for (var i = 0; i < weights.Length; i++) _spread.AsSpan(((x * _across.Taps) + i) * sizeof(uint), sizeof(uint)).Fill(weights[i]);
        }
    }

    private void ScaleAcross(Span<uint> into)
    {
        ref var row = ref Unsafe.As<uint, byte>(ref MemoryMarshal.GetArrayDataReference(_room));
        ref var spread = ref MemoryMarshal.GetArrayDataReference(_spread);
        var usesVectors = _usesVectors;
        for (var x = 0; x < _size; x++)
        {
            var (first, count) = _across.Bounds(x);
            ref var from = ref Unsafe.Add(ref row, (first - Wanted.Left) * sizeof(uint));
            ref var weights = ref Unsafe.Add(ref spread, x * _across.Taps * sizeof(uint));
            into[x] = usesVectors ? PixelAvx2(ref from, ref weights, count) : Pixel(ref from, ref weights, count);
        }
    }

    /// <summary>Two pixels at once; behind an odd last one a weight of zero follows, and a pixel that does not matter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint PixelAvx2(ref byte from, ref int weights, int count)
    {
        var sums = Vector256<int>.Zero;
        for (var i = 0; i < count; i += 2)
        {
            var two = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, i * sizeof(uint)));
            var values = Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(two).AsByte());
            sums = Avx2.Add(sums, Avx2.MultiplyLow(values, Vector256.LoadUnsafe(ref weights, (nuint)(i * sizeof(uint)))));
        }
        return Rounded(Sse2.Add(sums.GetLower(), sums.GetUpper()));
    }

    private static uint Rounded(Vector128<int> sums)
    {
        var whole = Sse2.ShiftRightArithmetic(Sse2.Add(sums, Vector128.Create(1 << (Weights.Precision - 1))), Weights.Precision);
        var shorts = Sse2.PackSignedSaturate(whole, whole);
        return Sse2.PackUnsignedSaturate(shorts, shorts).AsUInt32().ToScalar();
    }

    /// <summary>As <see cref="PixelAvx2"/>, on any processor.</summary>
    private static uint Pixel(ref byte from, ref int weights, int count)
    {
        uint pixel = 0;
        for (var colour = 0; colour < 3; colour++)
        {
            var sum = 1 << (Weights.Precision - 1);
            for (var i = 0; i < count; i++)
                sum += Unsafe.Add(ref from, (i * sizeof(uint)) + colour) * Unsafe.Add(ref weights, i * sizeof(uint));
            pixel |= (uint)Math.Clamp(sum >> Weights.Precision, 0, 255) << (8 * colour);
        }
        return pixel;
    }

    private void ScaleDown(int first, ReadOnlySpan<int> weights)
    {
        // Where each row begins in the ring; a remainder for every pixel would cost more than the sum itself.
        for (var i = 0; i < weights.Length; i++) _rows[i] = (first + i) % _kept * Stride * sizeof(uint);
        if (!_usesVectors)
        {
            ScaleDownPlain(weights);
            return;
        }
        ref var ring = ref Unsafe.As<uint, byte>(ref MemoryMarshal.GetArrayDataReference(_ring));
        ref var line = ref Unsafe.As<uint, byte>(ref MemoryMarshal.GetArrayDataReference(_line));
        var rows = _rows.AsSpan(0, weights.Length);
        var half = Vector256.Create(1 << (Weights.Precision - 1));
        for (var at = 0; at < _size * sizeof(uint); at += Vector256<int>.Count)
        {
            var sums = half;
            for (var i = 0; i < rows.Length; i++)
            {
                var eight = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref ring, rows[i] + at));
                var values = Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(eight).AsByte());
                sums = Avx2.Add(sums, Avx2.MultiplyLow(values, Vector256.Create(weights[i])));
            }
            var whole = Avx2.ShiftRightArithmetic(sums, Weights.Precision);
            var shorts = Sse2.PackSignedSaturate(whole.GetLower(), whole.GetUpper());
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref line, at), Sse2.PackUnsignedSaturate(shorts, shorts).AsUInt64().ToScalar());
        }
    }

    private void ScaleDownPlain(ReadOnlySpan<int> weights)
    {
        var ring = MemoryMarshal.AsBytes(_ring.AsSpan());
        var line = MemoryMarshal.AsBytes(_line.AsSpan());
        for (var x = 0; x < _size * sizeof(uint); x++)
        {
            var sum = 1 << (Weights.Precision - 1);
            for (var i = 0; i < weights.Length; i++) sum += ring[_rows[i] + x] * weights[i];
            line[x] = (byte)Math.Clamp(sum >> Weights.Precision, 0, 255);
        }
    }

    /// <summary>Puts red, green and blue of a line into planes of their own.</summary>
    private static void Divide(ReadOnlySpan<uint> line, byte[] planes, int at, int size)
    {
        var plane = size * size;
        var red = planes.AsSpan(at, size);
        var green = planes.AsSpan(plane + at, size);
        var blue = planes.AsSpan((2 * plane) + at, size);
        for (var x = 0; x < size; x++)
        {
            var pixel = line[x];
            (red[x], green[x], blue[x]) = ((byte)pixel, (byte)(pixel >> 8), (byte)(pixel >> 16));
        }
    }

    private static void Ensure(ref uint[] buffer, int length)
    {
        if (buffer.Length < length) buffer = new uint[length];
    }
}
