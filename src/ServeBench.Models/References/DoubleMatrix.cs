using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServeBench.Models.References;

/// <summary>The one costly operation of the double-precision computation: the product of activations and a layer's weights.</summary>
internal static class DoubleMatrix
{
    /// <summary>Rows of weights handled together.</summary>
    private const int Tile = 4;

    /// <summary>output[r, o] = sum over k of input[r, k] weights[o, k] + bias[o], in double precision throughout.</summary>
    /// <param name="input">[rows, inputs].</param>
    /// <param name="weights">[outputs, inputs], single precision as stored.</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="output">[rows, outputs].</param>
    public static void Linear(double[] input, int rows, int inputs, float[] weights, float[] bias, double[] output)
    {
        var outputs = bias.Length;
        var blocks = (outputs + Tile - 1) / Tile;
        Parallel.For(0, blocks, () => new double[Tile * inputs], (block, _, wide) =>
        {
            var first = block * Tile;
            var count = Math.Min(Tile, outputs - first);
            TensorPrimitives.ConvertTruncating<float, double>(weights.AsSpan(first * inputs, count * inputs), wide);
            MultiplyTile(input, rows, wide, bias.AsSpan(first, count), output.AsSpan(first), outputs);
            return wide;
        }, _ => { });
    }

    /// <summary>Multiplies all rows with one tile of weights, two rows at a time so that eight sums are under way at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile(
        ReadOnlySpan<double> input, int rows, ReadOnlySpan<double> tile, ReadOnlySpan<float> bias, Span<double> output, int stride)
    {
        var n = tile.Length / Tile;
        Span<double> sums = stackalloc double[2 * Tile];
        for (var row = 0; row < rows; row += 2)
        {
            // The last row of an odd number is its own partner.
            var second = Math.Min(row + 1, rows - 1);
            Dots(input.Slice(row * n, n), input.Slice(second * n, n), tile, sums);
            for (var o = 0; o < bias.Length; o++)
            {
                output[(row * stride) + o] = sums[o] + bias[o];
                output[(second * stride) + o] = sums[Tile + o] + bias[o];
            }
        }
    }

    /// <summary>The dot products of two vectors with the rows of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> tile, Span<double> sums)
    {
        var n = x.Length;
        var whole = n / Vector512<double>.Count * Vector512<double>.Count;
        ref var x0 = ref MemoryMarshal.GetReference(x);
        ref var y0 = ref MemoryMarshal.GetReference(y);
        ref var t0 = ref MemoryMarshal.GetReference(tile);
        Vector512<double> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (var i = 0; i < whole; i += Vector512<double>.Count)
        {
            var a = Vector512.LoadUnsafe(ref x0, (nuint)i);
            var b = Vector512.LoadUnsafe(ref y0, (nuint)i);
            var row = Vector512.LoadUnsafe(ref t0, (nuint)i);
            a0 = Vector512.FusedMultiplyAdd(a, row, a0);
            b0 = Vector512.FusedMultiplyAdd(b, row, b0);
            row = Vector512.LoadUnsafe(ref t0, (nuint)(i + n));
            a1 = Vector512.FusedMultiplyAdd(a, row, a1);
            b1 = Vector512.FusedMultiplyAdd(b, row, b1);
            row = Vector512.LoadUnsafe(ref t0, (nuint)(i + (2 * n)));
            a2 = Vector512.FusedMultiplyAdd(a, row, a2);
            b2 = Vector512.FusedMultiplyAdd(b, row, b2);
            row = Vector512.LoadUnsafe(ref t0, (nuint)(i + (3 * n)));
            a3 = Vector512.FusedMultiplyAdd(a, row, a3);
            b3 = Vector512.FusedMultiplyAdd(b, row, b3);
        }
        (sums[0], sums[1], sums[2], sums[3]) = (Vector512.Sum(a0), Vector512.Sum(a1), Vector512.Sum(a2), Vector512.Sum(a3));
        (sums[4], sums[5], sums[6], sums[7]) = (Vector512.Sum(b0), Vector512.Sum(b1), Vector512.Sum(b2), Vector512.Sum(b3));
        for (var i = whole; i < n; i++)
        {
            for (var row = 0; row < Tile; row++)
            {
                sums[row] += x[i] * tile[(row * n) + i];
                sums[Tile + row] += y[i] * tile[(row * n) + i];
            }
        }
    }
}
