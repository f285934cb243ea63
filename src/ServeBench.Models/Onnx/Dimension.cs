namespace ServeBench.Models.Onnx;

/// <summary>One dimension of a value in a graph: a size that is known, or a symbol for one that the caller of the model chooses.</summary>
/// <param name="Size">The size, or 0 when there is a symbol.</param>
/// <param name="Symbol">For example <c>batch</c>; equal symbols stand for equal sizes.</param>
public readonly record struct Dimension(long Size, string? Symbol)
{
    public static implicit operator Dimension(long size) => new(size, null);

    public static implicit operator Dimension(string symbol) => new(0, symbol);

    public override string ToString() => Symbol ?? Size.ToString();
}
