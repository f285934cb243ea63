using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Pipelines.Generation.Answering;

/// <summary>A way of asking for generated texts over HTTP: answers are sent whole, or as server-sent events, a token in each.</summary>
internal abstract class GenerationEndpoint(
    InferenceServices services, ModelTable<GenerationModel> models, RequestPool<GenerationRequest> pool)
    : RequestEndpoint<GenerationRequest, GenerationAsked>(services, pool)
{
    protected ModelTable<GenerationModel> Models => models;

    protected override ServedModel? ModelOf(HttpContext context) => models.Only;

    protected sealed override GenerationAsked Parse(
        HttpContext context, ReadOnlySpan<byte> body, GenerationRequest into, out ApiError? error)
    {
        try
        {
            return Read(new JsonMembers(body), into, out error);
        }
        catch (Exception e) when (JsonFaults.Are(e))
        {
            error = JsonFaults.Explain(e);
            return default;
        }
    }

    /// <inheritdoc cref="RequestEndpoint{TRequest, T}.Parse"/>
    protected abstract GenerationAsked Read(JsonMembers body, GenerationRequest into, out ApiError? error);

    protected sealed override async ValueTask<ApiError?> InferAsync(HttpContext context, GenerationRequest request, GenerationAsked asked)
    {
        if (asked.Streams) return await StreamAsync(context, request, asked);
        var (error, isDone) = await ExecuteAsync(context, request, asked);
        if (isDone) await SendWholeAsync(context, request, asked.Format!);
        return error;
    }

    private static async ValueTask SendWholeAsync(HttpContext context, GenerationRequest request, GenerationFormat format)
    {
        format.WriteWhole(new Utf8Output(request.Buffer), request);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = request.Buffer.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(request.Buffer.WrittenMemory, context.RequestAborted);
    }

    private async ValueTask<ApiError?> StreamAsync(HttpContext context, GenerationRequest request, GenerationAsked asked)
    {
        if (!asked.TryQueue(request)) return ApiError.Overloaded;
        using var departure = WithdrawAtDeparture(context, request);
        var (sink, format) = (new EventSink(context, request, asked.Format!), asked.Format!);
        var (error, isDone) = Executed(request, await TokenFlow.FollowAsync(request, sink));
        // Where nothing has been sent, an error has a status of its own.
        if (error is not null && !sink.HasBegun) return error;
        if (isDone) format.WriteEnd(sink.Output, request);
        else if (error is not null) format.WriteFailure(sink.Output, error);
        await sink.FlushAsync();
        return error;
    }
}
