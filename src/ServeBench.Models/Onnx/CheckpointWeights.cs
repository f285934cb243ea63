using System.Runtime.InteropServices;
using ServeBench.Models.Safetensors;

namespace ServeBench.Models.Onnx;

/// <summary>The tensors of a safetensors file in single precision. Those stored as they are needed are never copied.</summary>
public sealed class CheckpointWeights(SafetensorsFile file) : IWeightSource
{
    public Initialiser Take(string name, bool transposed)
    {
        var entry = file.Find(name) ?? throw new KeyNotFoundException($"{file.Path} has no tensor '{name}'");
        if (!transposed) return new Initialiser(name, ElementType.Float, entry.Shape, scratch => Singles(entry, scratch));
        var (rows, columns) = ((int)entry.Shape[0], (int)entry.Shape[1]);
        return new Initialiser($"{name}.T", ElementType.Float, [columns, rows], scratch =>
        {
            Transpose(entry, rows, columns, MemoryMarshal.Cast<byte, float>(scratch));
            return scratch;
        });
    }

    private ReadOnlySpan<byte> Singles(SafetensorsEntry entry, Span<byte> scratch)
    {
        if (entry.Type == TensorType.F32) return file.Elements<byte>(entry);
        file.CopySingles(entry, MemoryMarshal.Cast<byte, float>(scratch));
        return scratch;
    }

    private void Transpose(SafetensorsEntry entry, int rows, int columns, Span<float> into)
    {
        if (entry.Type == TensorType.F32)
        {
            Matrix.Transpose(file.Elements<float>(entry), rows, columns, into);
            return;
        }
        var singles = new float[entry.Elements];
        file.CopySingles(entry, singles);
        Matrix.Transpose(singles, rows, columns, into);
    }
}
