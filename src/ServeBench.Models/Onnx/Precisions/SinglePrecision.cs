namespace ServeBench.Models.Onnx.Precisions;

/// <summary><c>fp32</c>: everything in single precision.</summary>
public sealed class SinglePrecision : IPrecision
{
    public string Name => Domain.Models.Precisions.Single;

    public double Share => 1;

    public Value Product(GraphBuilder graph, string name, Value x, string weight) =>
        graph.MatMul(name, x, graph.Weight(weight, transposed: true));

    public Value Rows(GraphBuilder graph, string name, string table, Value indices) => graph.GatherRows(name, graph.Weight(table), indices);
}
