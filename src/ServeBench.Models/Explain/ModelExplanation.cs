namespace ServeBench.Models.Explain;

/// <summary>What a model consists of, and what ONNX Runtime makes of it.</summary>
public sealed record ModelExplanation
{
    /// <summary>Operators of the exported graph, the most frequent first.</summary>
    public required IReadOnlyList<OperatorCount> Exported { get; init; }

    /// <summary>Operators that ONNX Runtime executes after rewriting the graph, the most frequent first.</summary>
    public required IReadOnlyList<OperatorCount> Executed { get; init; }

    /// <summary>Operators that exist only after rewriting, with how many there are: what others were fused into.</summary>
    public required IReadOnlyList<OperatorCount> Fused { get; init; }

    /// <summary>Exported operators of which fewer are executed, with how many went into others or were computed beforehand.</summary>
    public required IReadOnlyList<OperatorCount> Absorbed { get; init; }

    /// <summary>Trained numbers that the graph uses.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of the graph's constants, weights included.</summary>
    public required long ConstantBytes { get; init; }

    /// <summary>Matrix-product work by sequence length; empty where items have no length.</summary>
    public required IReadOnlyList<SequenceCost> Costs { get; init; }

    /// <summary>Work of an item in matrix products and convolutions, as above; null where it depends on its length.</summary>
    public double? FlopsPerItem { get; init; }

    /// <summary>The runtime that rewrote the graph.</summary>
    public required string Runtime { get; init; }
}

/// <param name="Operator">The operator's type, with its domain where that is not ONNX's own: <c>com.microsoft.BiasGelu</c>.</param>
/// <param name="Count">How many nodes.</param>
public sealed record OperatorCount(string Operator, int Count);

/// <param name="Sequence">Tokens in the sequence.</param>
/// <param name="FlopsPerToken">Floating-point operations in matrix products per token, a multiplication and an addition counting
/// as two; work per element is not counted.</param>
public sealed record SequenceCost(int Sequence, double FlopsPerToken);
