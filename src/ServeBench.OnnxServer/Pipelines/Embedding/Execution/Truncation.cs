namespace ServeBench.OnnxServer.Pipelines.Embedding.Execution;

/// <summary>What happens to a text of more tokens than the model takes.</summary>
internal enum Truncation
{
    /// <summary>The request is refused.</summary>
    None,

    /// <summary>Its end is cut off.</summary>
    Right,

    /// <summary>Its beginning is cut off.</summary>
    Left,
}
