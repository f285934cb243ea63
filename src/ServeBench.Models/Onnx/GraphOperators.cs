namespace ServeBench.Models.Onnx;

/// <summary>
/// ONNX operators as calls that infer the shape of their output (https://onnx.ai/onnx/operators/). Only what the
/// architectures use.
/// </summary>
public static class GraphOperators
{
    /// <summary>The matrix product over the last two dimensions, with leading dimensions broadcast.</summary>
    public static Value MatMul(this GraphBuilder graph, string name, Value a, Value b)
    {
        var leading = a.Shape.Count >= b.Shape.Count ? a.Shape : b.Shape;
        return graph.Node(name, "MatMul", [a, b], a.Type, [.. leading.SkipLast(2), a.FromEnd(-2), b.FromEnd(-1)]);
    }

    /// <summary>The product of [rows, inner] with the transposed of [columns, inner].</summary>
    public static Value ProductWithTransposed(this GraphBuilder graph, string name, Value a, Value b) =>
        graph.Node(name, "Gemm", [a, b], a.Type, [a.FromEnd(-2), b.FromEnd(-2)], NodeAttribute.Of("transB", 1));

    public static Value Add(this GraphBuilder graph, string name, Value a, Value b) => graph.Elementwise(name, "Add", a, b);

    public static Value Subtract(this GraphBuilder graph, string name, Value a, Value b) => graph.Elementwise(name, "Sub", a, b);

    public static Value Multiply(this GraphBuilder graph, string name, Value a, Value b) => graph.Elementwise(name, "Mul", a, b);

    public static Value Divide(this GraphBuilder graph, string name, Value a, Value b) => graph.Elementwise(name, "Div", a, b);

    public static Value Maximum(this GraphBuilder graph, string name, Value a, Value b) => graph.Elementwise(name, "Max", a, b);

    /// <summary>The rectified linear unit, max(x, 0).</summary>
    public static Value Relu(this GraphBuilder graph, string name, Value x) => graph.Node(name, "Relu", [x], x.Type, x.Shape);

    /// <summary>The Gaussian error linear unit with its approximation by a hyperbolic tangent (Hendrycks and Gimpel 2016).</summary>
    public static Value TanhGelu(this GraphBuilder graph, string name, Value x) =>
        graph.Node(name, "Gelu", [x], x.Type, x.Shape, NodeAttribute.Of("approximate", "tanh"));

    /// <summary>The exact Gaussian error linear unit, x Phi(x).</summary>
    public static Value Gelu(this GraphBuilder graph, string name, Value x) =>
        graph.Node(name, "Gelu", [x], x.Type, x.Shape, NodeAttribute.Of("approximate", "none"));

    /// <summary>Normalises the last dimension to mean 0 and variance 1, then scales and shifts it.</summary>
    public static Value LayerNormalization(this GraphBuilder graph, string name, Value x, Value scale, Value bias, float epsilon) =>
        graph.Node(
            name,
            "LayerNormalization",
            [x, scale, bias],
            x.Type,
            x.Shape,
            NodeAttribute.Of("axis", -1),
            NodeAttribute.Of("epsilon", epsilon));

    public static Value Softmax(this GraphBuilder graph, string name, Value x) =>
        graph.Node(name, "Softmax", [x], x.Type, x.Shape, NodeAttribute.Of("axis", -1));

    /// <summary>Rows of a table, chosen by indices: the result has the indices' shape, then the row's.</summary>
    public static Value GatherRows(this GraphBuilder graph, string name, Value table, Value indices) =>
        graph.Node(name, "Gather", [table, indices], table.Type, [.. indices.Shape, .. table.Shape.Skip(1)], NodeAttribute.Of("axis", 0));

    /// <summary>One slice of a value along an axis, which goes.</summary>
    public static Value GatherAt(this GraphBuilder graph, string name, Value x, int axis, int index) =>
        graph.Node(
            name, "Gather", [x, graph.Integer(index)], x.Type, [.. x.Shape.Where((_, i) => i != axis)], NodeAttribute.Of("axis", axis));

    /// <summary>The first rows of a table, as many as <paramref name="count"/> says when the graph runs.</summary>
    /// <param name="count">One whole number, as a vector.</param>
    /// <param name="rows">The symbol of that number.</param>
    public static Value FirstRows(this GraphBuilder graph, string name, Value table, Value count, Dimension rows) =>
        graph.Node(name, "Slice", [table, graph.Integers(0), count, graph.Integers(0)], table.Type, [rows, .. table.Shape.Skip(1)]);

    /// <summary>One dimension of a value's shape, as a vector of one whole number.</summary>
    public static Value SizeOf(this GraphBuilder graph, string name, Value x, int dimension) =>
        graph.Node(
            name, "Shape", [x], ElementType.Int64, [1], NodeAttribute.Of("start", dimension), NodeAttribute.Of("end", dimension + 1));

    /// <summary>Rearranges elements into a new shape.</summary>
    /// <param name="pattern">As the operator wants it: 0 copies the dimension of the same position.</param>
    /// <param name="shape">What results.</param>
    public static Value Reshape(this GraphBuilder graph, string name, Value x, long[] pattern, IReadOnlyList<Dimension> shape) =>
        graph.Node(name, "Reshape", [x, graph.Integers(pattern)], x.Type, shape);

    public static Value Transpose(this GraphBuilder graph, string name, Value x, params int[] permutation) =>
        graph.Node(
            name,
            "Transpose",
            [x],
            x.Type,
            [.. permutation.Select(p => x.Shape[p])],
            NodeAttribute.Of("perm", permutation.Select(p => (long)p)));

    /// <summary>Inserts dimensions of size 1.</summary>
    /// <param name="axes">Their places in the result, ascending.</param>
    public static Value Unsqueeze(this GraphBuilder graph, string name, Value x, params int[] axes)
    {
        var shape = x.Shape.ToList();
        foreach (var axis in axes) shape.Insert(axis, 1);
        return graph.Node(name, "Unsqueeze", [x, graph.Integers([.. axes])], x.Type, shape);
    }

    /// <summary>Removes a dimension of size 1.</summary>
    public static Value Squeeze(this GraphBuilder graph, string name, Value x, int axis) =>
        graph.Node(name, "Squeeze", [x, graph.Integers(axis)], x.Type, [.. x.Shape.Where((_, i) => i != axis)]);

    public static Value Cast(this GraphBuilder graph, string name, Value x, ElementType type) =>
        graph.Node(name, "Cast", [x], type, x.Shape, NodeAttribute.Of("to", (long)type));

    /// <summary>Sum over the last dimension, which stays with size 1.</summary>
    public static Value SumLast(this GraphBuilder graph, string name, Value x) => graph.ReduceLast(name, "ReduceSum", x);

    /// <summary>Euclidean norm over the last dimension, which stays with size 1.</summary>
    public static Value NormLast(this GraphBuilder graph, string name, Value x) => graph.ReduceLast(name, "ReduceL2", x);

    private static Value ReduceLast(this GraphBuilder graph, string name, string operation, Value x) =>
        graph.Node(name, operation, [x, graph.Integers(-1)], x.Type, [.. x.Shape.SkipLast(1), 1], NodeAttribute.Of("keepdims", 1));

    private static Value Elementwise(this GraphBuilder graph, string name, string operation, Value a, Value b) =>
        graph.Node(name, operation, [a, b], a.Type, Broadcast(a, b));

    /// <summary>The common shape of two values by the rules of multidirectional broadcasting.</summary>
    private static Dimension[] Broadcast(Value a, Value b)
    {
        var rank = Math.Max(a.Shape.Count, b.Shape.Count);
        var shape = new Dimension[rank];
        for (var i = 1; i <= rank; i++)
        {
            var left = i <= a.Shape.Count ? a.FromEnd(-i) : 1;
            var right = i <= b.Shape.Count ? b.FromEnd(-i) : 1;
            if (left != right && left != 1 && right != 1)
                throw new InvalidOperationException(
                    $"{a.Name} [{string.Join(", ", a.Shape)}] and {b.Name} [{string.Join(", ", b.Shape)}] do not broadcast");
            shape[^i] = left == 1 ? right : left;
        }
        return shape;
    }
}
