using ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenAi;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Rest;

/// <summary>POST /v1/classify.</summary>
internal sealed class ClassifyEndpoint(
    InferenceServices services, ModelTable<ClassificationModel> models, RequestPool<ClassificationRequest> pool)
    : InferenceEndpoint<ClassificationRequest, ClassifyAnswer>(services, pool)
{
    public const string Path = "/v1/classify";

    /// <summary>The protocol's name in metrics.</summary>
    public const string ProtocolName = "classify";

    private readonly ClassifyRequestReader _reader = new(models, services.Options);

    protected override string Protocol => ProtocolName;

    protected override ServedModel? ModelOf(HttpContext context) => models.Only;

    protected override ClassifyAnswer Parse(
        HttpContext context, ReadOnlySpan<byte> body, ClassificationRequest into, out ApiError? error) =>
        _reader.Read(context, body, into, out error);

    protected override Task WriteErrorAsync(HttpContext context, ApiError error) => OpenAiErrors.WriteAsync(context, error);
}
