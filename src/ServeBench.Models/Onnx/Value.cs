namespace ServeBench.Models.Onnx;

/// <summary>A value that flows through a graph: an input, a weight, a constant, or what a node gives.</summary>
/// <param name="Name">Unique in the graph.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its dimensions, outermost first.</param>
public sealed record Value(string Name, ElementType Type, IReadOnlyList<Dimension> Shape)
{
    /// <summary>A dimension, counted from the innermost: -1 is the last.</summary>
    public Dimension FromEnd(int index) => Shape[Shape.Count + index];
}
