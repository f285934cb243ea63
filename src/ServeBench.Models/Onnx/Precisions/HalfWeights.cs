using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ServeBench.Models.Onnx.Precisions;

/// <summary>
/// <c>fp16</c>: weights stored in half precision and widened when the model is loaded, where ONNX Runtime folds the casts;
/// arithmetic stays in single precision, for which processors have faster kernels. Half the file, nearly the same answers.
/// </summary>
public sealed class HalfWeights : IPrecision
{
    public string Name => "fp16";

    public double Share => 0.52;

    public Value Product(GraphBuilder graph, string name, Value x, string weight, bool transposed = true) =>
        graph.MatMul(name, x, Widened(graph, graph.WeightAs(weight, transposed, "half", Halved)));

    /// <summary>The table is stored once.</summary>
    public Value ProductWithRows(GraphBuilder graph, string name, Value x, string table) =>
        graph.ProductWithTransposed(name, x, Widened(graph, graph.WeightAs(table, transposed: false, "half", Halved)));

    public Value Rows(GraphBuilder graph, string name, string table, Value indices) =>
        // Rows are chosen before they are widened, so that the table stays small in memory.
        graph.Cast(
            $"{name}.single",
            graph.GatherRows(name, graph.WeightAs(table, transposed: false, "half", Halved), indices),
            ElementType.Float);

    private static Value Widened(GraphBuilder graph, Value half) => graph.Cast($"{half.Name}.single", half, ElementType.Float);

    private static Initialiser Halved(string name, Initialiser single) => new(name, ElementType.Float16, single.Shape, scratch =>
    {
        var singles = new byte[single.Bytes];
        TensorPrimitives.ConvertToHalf(MemoryMarshal.Cast<byte, float>(single.Produce(singles)), MemoryMarshal.Cast<byte, Half>(scratch));
        return scratch;
    });
}
