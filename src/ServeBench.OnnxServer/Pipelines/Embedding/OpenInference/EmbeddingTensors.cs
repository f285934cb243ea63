using ServeBench.OnnxServer.Pipelines.Embedding.Execution;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>The tensors of a request for embeddings, and of its answer.</summary>
internal static class EmbeddingTensors
{
    public const string Ids = "input_ids";
    public const string Mask = "attention_mask";

    /// <summary>An input of texts in place of tokens: <see cref="EmbeddingModel.Texts"/>.</summary>
    public const string Text = "text";

    public const string Embedding = "embedding";
}
