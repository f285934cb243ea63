using System.Globalization;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>POST /v2/models/{model}[/versions/{version}]/infer, for the models of one pipeline.</summary>
internal abstract class OpenInferenceEndpoint<TModel, TRequest, T>(
    InferenceServices services, ModelTable<TModel> models, RequestPool<TRequest> pool)
    : InferenceEndpoint<TRequest, T>(services, pool)
    where TModel : ServedModel
    where TRequest : ScheduledRequest, new()
    where T : struct, IAnswer<TRequest>
{
    protected sealed override string Protocol => Tensors.Protocol;

    /// <summary>Whether this is asked: the model that the path names is one of the pipeline's.</summary>
    public bool Takes(HttpContext context) => Asked(context) is not null;

    protected sealed override ServedModel? ModelOf(HttpContext context) => Asked(context);

    protected sealed override T Parse(HttpContext context, ReadOnlySpan<byte> body, TRequest into, out ApiError? error)
    {
        error = null;
        var length = body.Length;
        var model = Asked(context);
        if (model is null)
            error = ModelRoute.Unknown(context);
        else if (context.Request.Headers.TryGetValue(InferHead.LengthHeader, out var header)
            && (!int.TryParse(header.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > body.Length))
            error = ApiError.Invalid($"The header {InferHead.LengthHeader} must be a number of bytes within the body");
        else
            return Read(model, body, length, into, out error);
        return Unread(model);
    }

    /// <summary>Reads a body.</summary>
    /// <param name="model">The model asked for.</param>
    /// <param name="headerLength">How much of the body is JSON; the rest is binary data.</param>
    /// <inheritdoc cref="RequestEndpoint{TRequest, T}.Parse"/>
    protected abstract T Read(TModel model, ReadOnlySpan<byte> body, int headerLength, TRequest into, out ApiError? error);

    /// <summary>What stands for the answer of a request that has none; it names the model.</summary>
    protected abstract T Unread(TModel? model);

    protected sealed override Task WriteErrorAsync(HttpContext context, ApiError error) => InferErrors.WriteAsync(context, error);

    private TModel? Asked(HttpContext context) => ModelRoute.Find(context, models);
}
