using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols.OpenInference;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>The tensors of a request for embeddings, and of its answer.</summary>
internal static class EmbeddingTensors
{
    public const string Ids = "input_ids";
    public const string Mask = "attention_mask";

    /// <summary>An input of texts in place of tokens: <see cref="EmbeddingModel.Texts"/>.</summary>
    public const string Text = "text";

    public const string Embedding = "embedding";

    public static InferContract Contract { get; } = new()
    {
        Inputs = [Ids, Mask, Text],
        BytesInputs = [Text],
        Types = [Tensors.Int64, Tensors.Int32, Tensors.Bytes],
        Outputs = [Embedding],
        MostDimensions = 2,
    };

    /// <summary>The output for so many texts.</summary>
    public static OutputTensor Of(EmbeddingModel model, int texts) =>
        new(Embedding, Tensors.Single, [texts, model.Dimensions], sizeof(float));
}
