namespace ServeBench.Models.Safetensors;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name in the checkpoint, for example <c>encoder.layer.0.output.dense.weight</c>.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its dimensions, outermost first; empty for a scalar. Stored row-major.</param>
/// <param name="Offset">First byte, counted from the beginning of the data section.</param>
/// <param name="Length">Bytes.</param>
public sealed record SafetensorsEntry(string Name, TensorType Type, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>The type as the file names it, where this program does not know it.</summary>
    public string? TypeName { get; init; }

    /// <summary>Number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>For messages: <c>F32[384, 1536]</c>.</summary>
    public override string ToString() => $"{TypeName ?? Type.ToString()}[{string.Join(", ", Shape)}]";
}
