using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ServeBench.Models.Onnx.Precisions;

/// <summary>
/// <c>int8</c>: weights as signed bytes with one scale per output (per row for tables), activations quantised to unsigned
/// bytes as they come, with one scale per tensor. ONNX's own operators, in the pattern that ONNX Runtime fuses into
/// MatMulIntegerToFloat.
/// </summary>
public sealed class DynamicInt8 : IPrecision
{
    private const float Largest = 127;

    public string Name => "int8";

    public double Share => 0.28;

    public Value Product(GraphBuilder graph, string name, Value x, string weight, bool transposed = true)
    {
        var quantised = graph.WeightAs(weight, transposed, "int8", (n, w) => Quantised(n, w, byRow: false));
        var weightScale = graph.WeightAs(weight, transposed, "scale", (n, w) => Scales(n, w, byRow: false));
        var (bytes, scale, zero) = QuantisedActivation(graph, x);
        var sums = graph.Node(
            $"{name}.sums",
            "MatMulInteger",
            [bytes, quantised, zero],
            ElementType.Int32,
            [.. x.Shape.SkipLast(1), quantised.FromEnd(-1)]);
        return graph.Multiply(
            name, graph.Cast($"{name}.singles", sums, ElementType.Float), graph.Multiply($"{name}.scale", scale, weightScale));
    }

    public Value Rows(GraphBuilder graph, string name, string table, Value indices)
    {
        var rows = graph.GatherRows(
            $"{name}.bytes", graph.WeightAs(table, transposed: false, "int8", (n, w) => Quantised(n, w, byRow: true)), indices);
        var scales = graph.GatherRows(
            $"{name}.scale", graph.WeightAs(table, transposed: false, "scale", (n, w) => Scales(n, w, byRow: true)), indices);
        return graph.Multiply(name, graph.Cast($"{name}.singles", rows, ElementType.Float), scales);
    }

    /// <summary>The quantised form of a value, made once however many products use it.</summary>
    private static (Value Bytes, Value Scale, Value Zero) QuantisedActivation(GraphBuilder graph, Value x)
    {
        var outputs = graph.Once($"{x.Name}.quantised", name => graph.NodeWithOutputs(
            name, "DynamicQuantizeLinear", [x], [
                ($"{x.Name}.bytes", ElementType.UInt8, x.Shape),
                ($"{x.Name}.scale", ElementType.Float, []),
                ($"{x.Name}.zero", ElementType.UInt8, [])]));
        return (outputs[0], outputs[1], outputs[2]);
    }

    private static Initialiser Quantised(string name, Initialiser single, bool byRow) =>
        new(name, ElementType.Int8, single.Shape, scratch =>
        {
            var weights = Singles(single);
            var scales = ScalesOf(weights, single.Shape, byRow);
            var columns = (int)single.Shape[^1];
            var bytes = MemoryMarshal.Cast<byte, sbyte>(scratch);
            for (var i = 0; i < weights.Length; i++) bytes[i] = (sbyte)MathF.Round(weights[i] / scales[byRow ? i / columns : i % columns]);
            return scratch;
        });

    private static Initialiser Scales(string name, Initialiser single, bool byRow) =>
        new(name, ElementType.Float, byRow ? [single.Shape[0], 1] : [single.Shape[1]], scratch =>
        {
            MemoryMarshal.AsBytes(ScalesOf(Singles(single), single.Shape, byRow).AsSpan()).CopyTo(scratch);
            return scratch;
        });

    /// <summary>For each row or column, the step with which its largest magnitude becomes 127.</summary>
    private static float[] ScalesOf(ReadOnlySpan<float> weights, IReadOnlyList<long> shape, bool byRow)
    {
        var columns = (int)shape[^1];
        var largest = new float[byRow ? shape[0] : columns];
        for (var row = 0; row < shape[0]; row++)
        {
            var values = weights.Slice(row * columns, columns);
            if (byRow) largest[row] = Math.Abs(TensorPrimitives.MaxMagnitude(values));
            else TensorPrimitives.MaxMagnitude(values, largest, largest);
        }
        // A row of zeros needs some scale, too.
        return Array.ConvertAll(largest, v => v == 0 ? 1 : Math.Abs(v) / Largest);
    }

    private static ReadOnlySpan<float> Singles(Initialiser single) =>
        MemoryMarshal.Cast<byte, float>(single.Produce(new byte[single.Bytes]));
}
