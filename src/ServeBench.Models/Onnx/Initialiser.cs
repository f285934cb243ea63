using System.Runtime.InteropServices;

namespace ServeBench.Models.Onnx;

/// <summary>
/// A constant tensor of a graph. Its bytes are made when the file is written, one tensor at a time, so that memory stays bounded.
/// </summary>
/// <param name="Name">Unique in the graph.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its dimensions, outermost first.</param>
/// <param name="Produce">Gives the bytes, little-endian and row-major.</param>
public sealed record Initialiser(string Name, ElementType Type, IReadOnlyList<long> Shape, Initialiser.Producer Produce)
{
    /// <param name="scratch">As long as the tensor; may be used or left alone.</param>
    /// <returns>The tensor's bytes: in <paramref name="scratch"/>, or wherever they already lie.</returns>
    public delegate ReadOnlySpan<byte> Producer(Span<byte> scratch);

    public long Elements => Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    public long Bytes => Elements * Type.Size();

    /// <summary>A small constant held in memory.</summary>
    public static Initialiser Of<T>(string name, ElementType type, IReadOnlyList<long> shape, T[] values) where T : unmanaged =>
        new(name, type, shape, _ => MemoryMarshal.AsBytes(values.AsSpan()));
}
