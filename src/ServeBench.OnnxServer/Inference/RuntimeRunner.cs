using ServeBench.Models.Inference;

namespace ServeBench.OnnxServer.Inference;

/// <summary>Runs on ONNX Runtime.</summary>
internal sealed class RuntimeRunner(EmbeddingSession session) : IEmbeddingRunner
{
    public int Dimensions => session.Dimensions;

    public void Run(ReadOnlySpan<long> ids, ReadOnlySpan<long> mask, int batch, int sequence, Span<float> embeddings) =>
        session.Run(ids, mask, batch, sequence, embeddings);
}
