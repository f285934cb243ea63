using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>Requests for embeddings in the Open Inference Protocol.</summary>
internal sealed class InferEndpoint(InferenceServices services, ModelTable<EmbeddingModel> models, RequestPool<EmbeddingRequest> pool)
    : OpenInferenceEndpoint<EmbeddingModel, EmbeddingRequest, InferAnswer>(services, models, pool)
{
    private readonly InferRequestReader _reader = new(services.Options, services.Time);

    protected override InferAnswer Read(
        EmbeddingModel model, ReadOnlySpan<byte> body, int headerLength, EmbeddingRequest into, out ApiError? error) =>
        _reader.Read(model, body, headerLength, into, out error);

    protected override InferAnswer Unread(EmbeddingModel? model) => new() { Model = model! };
}
