using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;

/// <summary>Makes what a model takes of values from 0 to 255: (x / 255 - mean) / deviation, as one product and one sum.</summary>
internal static class Normalisation
{
    /// <param name="values">The values.</param>
    /// <param name="scale">1 / (255 deviation).</param>
    /// <param name="shift">-mean / deviation.</param>
    /// <param name="into">As many as there are values.</param>
    public static void Apply(ReadOnlySpan<byte> values, float scale, float shift, Span<float> into)
    {
        into = into[..values.Length];
        var i = 0;
        if (Avx2.IsSupported)
        {
            ref var from = ref MemoryMarshal.GetReference(values);
            ref var to = ref MemoryMarshal.GetReference(into);
            var (factor, summand) = (Vector256.Create(scale), Vector256.Create(shift));
            for (; i + Vector256<float>.Count <= values.Length; i += Vector256<float>.Count)
            {
                var eight = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, i))).AsByte();
                var singles = Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(eight));
                Avx.Add(Avx.Multiply(singles, factor), summand).StoreUnsafe(ref to, (nuint)i);
            }
        }
        for (; i < values.Length; i++) into[i] = (values[i] * scale) + shift;
    }
}
