namespace ServeBench.Models.Onnx;

/// <summary>
/// ONNX operators on images, as calls that infer the shape of their output (https://onnx.ai/onnx/operators/). Images are
/// [batch, channels, height, width].
/// </summary>
public static class ImageOperators
{
    /// <param name="weight">[outputs, inputs / groups, kernel, kernel].</param>
    /// <param name="bias">[outputs]; null for none.</param>
    public static Value Convolution(
        this GraphBuilder graph, string name, Value x, Value weight, Value? bias, int stride, int padding, int groups)
    {
        var kernel = (int)weight.Shape[2].Size;
        return graph.Node(
            name,
            "Conv",
            bias is null ? [x, weight] : [x, weight, bias],
            x.Type,
            [x.Shape[0], weight.Shape[0], Strided(x.Shape[2], kernel, stride, padding), Strided(x.Shape[3], kernel, stride, padding)],
            NodeAttribute.Of("kernel_shape", [kernel, kernel]),
            NodeAttribute.Of("strides", [stride, stride]),
            NodeAttribute.Of("pads", [padding, padding, padding, padding]),
            NodeAttribute.Of("group", groups));
    }

    public static Value BatchNormalization(
        this GraphBuilder graph, string name, Value x, Value scale, Value bias, Value mean, Value variance, float epsilon) =>
        graph.Node(
            name, "BatchNormalization", [x, scale, bias, mean, variance], x.Type, x.Shape, NodeAttribute.Of("epsilon", epsilon));

    public static Value MaxPool(this GraphBuilder graph, string name, Value x, int kernel, int stride, int padding) =>
        graph.Node(
            name,
            "MaxPool",
            [x],
            x.Type,
            [x.Shape[0], x.Shape[1], Strided(x.Shape[2], kernel, stride, padding), Strided(x.Shape[3], kernel, stride, padding)],
            NodeAttribute.Of("kernel_shape", [kernel, kernel]),
            NodeAttribute.Of("strides", [stride, stride]),
            NodeAttribute.Of("pads", [padding, padding, padding, padding]));

    /// <summary>The mean of each channel over the image, [batch, channels, 1, 1].</summary>
    public static Value GlobalAveragePool(this GraphBuilder graph, string name, Value x) =>
        graph.Node(name, "GlobalAveragePool", [x], x.Type, [x.Shape[0], x.Shape[1], 1, 1]);

    /// <summary>[batch, channels, 1, 1] as [batch, channels].</summary>
    public static Value Flatten(this GraphBuilder graph, string name, Value x) =>
        graph.Node(name, "Flatten", [x], x.Type, [x.Shape[0], x.Shape[1]], NodeAttribute.Of("axis", 1));

    public static Value Clip(this GraphBuilder graph, string name, Value x, float least, float most) =>
        graph.Node(name, "Clip", [x, graph.Number(least), graph.Number(most)], x.Type, x.Shape);

    /// <summary>x max(0, min(1, x / 6 + 1 / 2)).</summary>
    public static Value HardSwish(this GraphBuilder graph, string name, Value x) => graph.Node(name, "HardSwish", [x], x.Type, x.Shape);

    /// <summary>max(0, min(1, x / 6 + 1 / 2)).</summary>
    public static Value HardSigmoid(this GraphBuilder graph, string name, Value x) =>
        graph.Node(name, "HardSigmoid", [x], x.Type, x.Shape, NodeAttribute.Of("alpha", 1f / 6), NodeAttribute.Of("beta", 0.5f));

    /// <summary>Scales images to another height and width, bilinearly with antialiasing.</summary>
    /// <param name="size">The new height and width, a vector.</param>
    /// <param name="height">The symbol of the new height.</param>
    /// <param name="width">The symbol of the new width.</param>
    public static Value Resize(this GraphBuilder graph, string name, Value x, Value size, Dimension height, Dimension width) =>
        graph.Node(
            name,
            "Resize",
            [x, null, null, size],
            x.Type,
            [x.Shape[0], x.Shape[1], height, width],
            NodeAttribute.Of("mode", "linear"),
            NodeAttribute.Of("antialias", 1),
            NodeAttribute.Of("axes", [2, 3]),
            NodeAttribute.Of("coordinate_transformation_mode", "half_pixel"));

    public static Value Minimum(this GraphBuilder graph, string name, Value a, Value b) =>
        graph.Node(name, "Min", [a, b], a.Type, a.Shape);

    /// <summary>Vectors of whole numbers, one after another.</summary>
    public static Value Concatenate(this GraphBuilder graph, string name, params Value[] vectors) =>
        graph.Node(
            name, "Concat", vectors, vectors[0].Type, [vectors.Sum(v => v.Shape[0].Size)], NodeAttribute.Of("axis", 0));

    /// <summary>A part of a value.</summary>
    /// <param name="begin">The first index on each axis, a vector.</param>
    /// <param name="end">The index after the last, a vector.</param>
    /// <param name="shape">What results.</param>
    public static Value Slice(
        this GraphBuilder graph, string name, Value x, Value begin, Value end, int[] axes, IReadOnlyList<Dimension> shape) =>
        graph.Node(name, "Slice", [x, begin, end, graph.Integers([.. axes])], x.Type, shape);

    /// <summary>The largest values of the last dimension, largest first, and their places.</summary>
    public static (Value Values, Value Indices) TopK(this GraphBuilder graph, string name, Value x, int count)
    {
        IReadOnlyList<Dimension> shape = [.. x.Shape.SkipLast(1), count];
        var outputs = graph.NodeWithOutputs(
            name,
            "TopK",
            [x, graph.Integers(count)],
            ($"{name}.values", x.Type, shape),
            ($"{name}.indices", ElementType.Int64, shape));
        return (outputs[0], outputs[1]);
    }

    private static Dimension Strided(Dimension size, int kernel, int stride, int padding) =>
        ((size.Size + (2 * padding) - kernel) / stride) + 1;
}
