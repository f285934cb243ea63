using ServeBench.OnnxServer.Batching;
using ServeBench.OnnxServer.Inference;
using ServeBench.OnnxServer.Protocols.Inference;

namespace ServeBench.OnnxServer.Protocols.Tei;

/// <summary>POST /embed. The interface knows of one model only: the first of those that are served.</summary>
internal sealed class TeiEndpoint(InferenceServices services) : InferenceEndpoint<TeiAnswer>(services)
{
    private readonly TeiRequestReader _reader = new(services.Models.All[0], services.Options);

    protected override string Protocol => "tei";

    protected override ServedModel ModelOf(HttpContext context) => Services.Models.All[0];

    protected override TeiAnswer Parse(HttpContext context, ReadOnlySpan<byte> body, InferenceRequest into, out ApiError? error) => _reader.Read(body, into, out error);

    protected override Task WriteErrorAsync(HttpContext context, ApiError error) => TeiErrors.WriteAsync(context, error);
}
