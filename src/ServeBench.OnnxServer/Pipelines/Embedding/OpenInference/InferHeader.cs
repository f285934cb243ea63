using ServeBench.OnnxServer.Protocols.OpenInference;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>The JSON object of an inference request.</summary>
internal sealed class InferHeader
{
    /// <summary>What the client calls its request; null when it does not.</summary>
    public string? Id { get; set; }

    /// <summary>How long after its arrival the request may begin to be executed; null when the client does not say.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>True when the outputs are wanted as bytes, unless one says otherwise of itself.</summary>
    public bool WantsBinary { get; set; }

    /// <summary>What the embedding says of itself; null when it says nothing.</summary>
    public bool? WantsBinaryEmbedding { get; set; }

    public List<InputTensor> Inputs { get; } = [];

    public bool IsBinary => WantsBinaryEmbedding ?? WantsBinary;
}
