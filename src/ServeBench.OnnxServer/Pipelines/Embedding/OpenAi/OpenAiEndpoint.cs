using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenAi;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenAi;

/// <summary>POST /v1/embeddings.</summary>
internal sealed class OpenAiEndpoint(InferenceServices services, ModelTable<EmbeddingModel> models, RequestPool<EmbeddingRequest> pool)
    : InferenceEndpoint<EmbeddingRequest, OpenAiAnswer>(services, pool)
{
    private readonly OpenAiRequestReader _reader = new(models, services.Options);

    protected override string Protocol => OpenAiErrors.Protocol;

    protected override ServedModel? ModelOf(HttpContext context) => models.Only;

    protected override OpenAiAnswer Parse(HttpContext context, ReadOnlySpan<byte> body, EmbeddingRequest into, out ApiError? error) =>
        _reader.Read(body, into, out error);

    protected override Task WriteErrorAsync(HttpContext context, ApiError error) => OpenAiErrors.WriteAsync(context, error);
}
