using ServeBench.OnnxServer.Batching;
using ServeBench.OnnxServer.Protocols.Inference;

namespace ServeBench.OnnxServer.Protocols.OpenAi;

/// <summary>POST /v1/embeddings.</summary>
internal sealed class OpenAiEndpoint(InferenceServices services) : InferenceEndpoint<OpenAiAnswer>(services)
{
    private readonly OpenAiRequestReader _reader = new(services.Models, services.Options);

    protected override string Protocol => "openai";

    protected override OpenAiAnswer Parse(HttpContext context, ReadOnlySpan<byte> body, InferenceRequest into, out ApiError? error) => _reader.Read(body, into, out error);

    protected override Task WriteErrorAsync(HttpContext context, ApiError error) => OpenAiErrors.WriteAsync(context, error);
}
