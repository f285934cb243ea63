using System.Globalization;
using ServeBench.OnnxServer.Pipelines.Embedding.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Protocols.OpenInference;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Embedding.OpenInference;

/// <summary>POST /v2/models/{model}[/versions/{version}]/infer.</summary>
internal sealed class InferEndpoint(InferenceServices services, ModelTable<EmbeddingModel> models, RequestPool<EmbeddingRequest> pool)
    : InferenceEndpoint<EmbeddingRequest, InferAnswer>(services, pool)
{
    public const string ProtocolName = "open-inference";

    private readonly InferRequestReader _reader = new(services.Options, services.Time);

    protected override string Protocol => ProtocolName;

    protected override ServedModel? ModelOf(HttpContext context) => Asked(context);

    protected override InferAnswer Parse(HttpContext context, ReadOnlySpan<byte> body, EmbeddingRequest into, out ApiError? error)
    {
        error = null;
        var length = body.Length;
        if (Asked(context) is not { } model)
            error = ModelRoute.Unknown(context);
        else if (context.Request.Headers.TryGetValue(InferAnswer.LengthHeader, out var header)
            && (!int.TryParse(header.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > body.Length))
            error = ApiError.Invalid($"The header {InferAnswer.LengthHeader} must be a number of bytes within the body");
        else
            return _reader.Read(model, body, length, into, out error);
        return new InferAnswer { Model = Asked(context)! };
    }

    private EmbeddingModel? Asked(HttpContext context) => ModelRoute.Find(context, models);

    protected override Task WriteErrorAsync(HttpContext context, ApiError error) => InferErrors.WriteAsync(context, error);
}
