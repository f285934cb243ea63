namespace ServeBench.Models.Onnx.Precisions;

/// <summary>
/// How the large weights of a graph are stored and multiplied. Vectors (biases, normalisation) stay in single precision in all.
/// </summary>
public interface IPrecision
{
    /// <summary>The name by which a request or a stack asks for it.</summary>
    string Name { get; }

    /// <summary>About how large its weights are, relative to single precision; rounded up.</summary>
    double Share { get; }

    /// <summary>x W, for a linear layer's weights.</summary>
    /// <param name="name">Name of the result.</param>
    /// <param name="weight">Name of the matrix in the checkpoint.</param>
    /// <param name="transposed">True where it is [outputs, inputs] there, false where it is [inputs, outputs].</param>
    Value Product(GraphBuilder graph, string name, Value x, string weight, bool transposed = true);

    /// <summary>x W for rows of activations and a table [outputs, inputs] whose <see cref="Rows"/> the graph takes, too.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <returns>[rows, outputs].</returns>
    Value ProductWithRows(GraphBuilder graph, string name, Value x, string table) => Product(graph, name, x, table);

    /// <summary>Rows of a table, chosen by indices, in single precision.</summary>
    /// <param name="name">Name of the result.</param>
    /// <param name="table">Name of the table in the checkpoint, where it is [rows, columns].</param>
    Value Rows(GraphBuilder graph, string name, string table, Value indices);
}

/// <summary>The precisions that a model can be exported in.</summary>
public static class KnownPrecisions
{
    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<IPrecision> All { get; } = [new SinglePrecision(), new HalfWeights(), new DynamicInt8()];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(p => p.Name)];
}
