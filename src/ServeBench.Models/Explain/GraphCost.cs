using ServeBench.Models.Onnx;
using ServeBench.Models.Onnx.Format;

namespace ServeBench.Models.Explain;

/// <summary>Counts the work of a graph's matrix products and convolutions from the shapes that its values are annotated with.</summary>
internal sealed class GraphCost
{
    private readonly GraphProto _graph;
    private readonly Dictionary<string, Dimension[]> _shapes = new(StringComparer.Ordinal);

    public GraphCost(GraphProto graph)
    {
        _graph = graph;
        foreach (var value in graph.ValueInfo.Concat(graph.Input).Concat(graph.Output))
            _shapes[value.Name] = [.. value.Type.TensorType.Shape.Dim.Select(d => d.HasDimParam ? (Dimension)d.DimParam : d.DimValue)];
        foreach (var tensor in graph.Initializer) _shapes[tensor.Name] = [.. tensor.Dims.Select(d => (Dimension)d)];
    }

    /// <summary>Whether items differ in length, so that their cost does.</summary>
    public bool HasSequence => _shapes.Values.Any(shape => shape.Any(dimension => dimension.Symbol == "sequence"));

    /// <summary>Floating-point operations in the matrix products and convolutions of one item.</summary>
    /// <param name="sequence">Its length; any number where items have none.</param>
    public double Flops(int sequence)
    {
        double total = 0;
        foreach (var node in _graph.Node.Where(n => n.OpType is "MatMul" or "MatMulInteger" or "Conv"))
        {
            // Every element of a product is a sum over the inner dimension; of a convolution, over one filter.
            var inner = node.OpType == "Conv"
                ? Elements(_shapes[node.Input[1]].Skip(1), sequence)
                : Size(_shapes[node.Input[0]][^1], sequence);
            total += 2 * inner * Elements(_shapes[node.Output[0]], sequence);
        }
        return total;
    }

    private static double Elements(IEnumerable<Dimension> shape, int sequence) =>
        shape.Aggregate(1.0, (product, dimension) => product * Size(dimension, sequence));

    private static double Size(Dimension dimension, int sequence) => dimension.Symbol switch
    {
        null => dimension.Size,
        "batch" => 1,
        "sequence" => sequence,
        var other => throw new InvalidDataException($"the graph has a dimension '{other}' of unknown size"),
    };
}
