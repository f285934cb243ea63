namespace ServeBench.Models.Onnx.Precisions;

/// <summary><c>fp32</c>: everything in single precision.</summary>
public sealed class SinglePrecision : IPrecision
{
    public string Name => Domain.Models.Precisions.Single;

    public double Share => 1;

    public Value Product(GraphBuilder graph, string name, Value x, string weight, bool transposed = true) =>
        graph.MatMul(name, x, graph.Weight(weight, transposed));

    /// <summary>The table is stored once.</summary>
    public Value ProductWithRows(GraphBuilder graph, string name, Value x, string table) =>
        graph.ProductWithTransposed(name, x, graph.Weight(table));

    public Value Rows(GraphBuilder graph, string name, string table, Value indices) => graph.GatherRows(name, graph.Weight(table), indices);
}
