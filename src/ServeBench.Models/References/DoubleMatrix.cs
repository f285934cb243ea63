using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServeBench.Models.References;

/// <summary>The one costly operation of the double-precision computation: the product of activations and a layer's weights.</summary>
internal static class DoubleMatrix
{
    /// <summary>Rows of weights handled together, and rows of activations: their products stay in registers.</summary>
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
            for (var i = 0; i < count * inputs; i++) wide[i] = weights[(first * inputs) + i];
            Span<double> sums = stackalloc double[Tile];
            for (var row = 0; row < rows; row++)
            {
                Dots(input.AsSpan(row * inputs, inputs), wide, sums);
                for (var o = 0; o < count; o++) output[(row * outputs) + first + o] = sums[o] + bias[first + o];
            }
            return wide;
        }, _ => { });
    }

    /// <summary>The dot products of one vector with the rows of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots(ReadOnlySpan<double> x, ReadOnlySpan<double> tile, Span<double> sums)
    {
        var n = x.Length;
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(x);
        var row0 = MemoryMarshal.Cast<double, Vector<double>>(tile[..n]);
        var row1 = MemoryMarshal.Cast<double, Vector<double>>(tile.Slice(n, n));
        var row2 = MemoryMarshal.Cast<double, Vector<double>>(tile.Slice(2 * n, n));
        var row3 = MemoryMarshal.Cast<double, Vector<double>>(tile.Slice(3 * n, n));
        var (sum0, sum1, sum2, sum3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        for (var i = 0; i < vectors.Length; i++)
        {
            sum0 = Vector.FusedMultiplyAdd(vectors[i], row0[i], sum0);
            sum1 = Vector.FusedMultiplyAdd(vectors[i], row1[i], sum1);
            sum2 = Vector.FusedMultiplyAdd(vectors[i], row2[i], sum2);
            sum3 = Vector.FusedMultiplyAdd(vectors[i], row3[i], sum3);
        }
        sums[0] = Vector.Sum(sum0);
        sums[1] = Vector.Sum(sum1);
        sums[2] = Vector.Sum(sum2);
        sums[3] = Vector.Sum(sum3);
        for (var i = vectors.Length * Vector<double>.Count; i < n; i++)
        {
            for (var row = 0; row < Tile; row++) sums[row] += x[i] * tile[(row * n) + i];
        }
    }
}
