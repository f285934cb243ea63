using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Tei;

/// <summary>POST /embed. The interface knows of one model only: the first of those that are served.</summary>
internal sealed class TeiEndpoint(InferenceServices services, ModelTable<EmbeddingModel> models, RequestPool<EmbeddingRequest> pool)
    : InferenceEndpoint<EmbeddingRequest, TeiAnswer>(services, pool)
{
    public const string ProtocolName = "tei";

    private readonly TeiRequestReader _reader = new(models.All[0], services.Options);

    protected override string Protocol => ProtocolName;

    protected override ServedModel? ModelOf(HttpContext context) => models.All[0];

    protected override TeiAnswer Parse(HttpContext context, ReadOnlySpan<byte> body, EmbeddingRequest into, out ApiError? error) =>
        _reader.Read(body, into, out error);

    protected override Task WriteErrorAsync(HttpContext context, ApiError error) => TeiErrors.WriteAsync(context, error);
}
