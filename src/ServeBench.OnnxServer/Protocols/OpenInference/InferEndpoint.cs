using System.Globalization;
using ServeBench.OnnxServer.Batching;
using ServeBench.OnnxServer.Inference;
using ServeBench.OnnxServer.Protocols.Inference;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>POST /v2/models/{model}[/versions/{version}]/infer.</summary>
internal sealed class InferEndpoint(InferenceServices services) : InferenceEndpoint<InferAnswer>(services)
{
    private readonly InferRequestReader _reader = new(services.Options, services.Time);

    protected override string Protocol => "open-inference";

    protected override ServedModel? ModelOf(HttpContext context) => ModelRoute.Find(context, Services.Models);

    protected override InferAnswer Parse(HttpContext context, ReadOnlySpan<byte> body, InferenceRequest into, out ApiError? error)
    {
        error = null;
        var length = body.Length;
        if (ModelOf(context) is not { } model)
            error = ModelRoute.Unknown(context);
        else if (context.Request.Headers.TryGetValue(InferAnswer.LengthHeader, out var header)
            && (!int.TryParse(header.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > body.Length))
            error = ApiError.Invalid($"The header {InferAnswer.LengthHeader} must be a number of bytes within the body");
        else
            return _reader.Read(model, body, length, into, out error);
        return new InferAnswer { Model = ModelOf(context)! };
    }

    protected override Task WriteErrorAsync(HttpContext context, ApiError error) => InferErrors.WriteAsync(context, error);
}
