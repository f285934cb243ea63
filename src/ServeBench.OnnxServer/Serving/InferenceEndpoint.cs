using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Serving;

/// <summary>A way of asking whose answers are sent whole, once every item has been executed.</summary>
/// <typeparam name="T">What a request asks and how it is answered.</typeparam>
/// <typeparam name="TRequest">The pipeline's requests.</typeparam>
internal abstract class InferenceEndpoint<TRequest, T>(InferenceServices services, RequestPool<TRequest> pool)
    : RequestEndpoint<TRequest, T>(services, pool)
    where TRequest : ScheduledRequest, new()
    where T : struct, IAnswer<TRequest>
{
    protected sealed override async ValueTask<ApiError?> InferAsync(HttpContext context, TRequest request, T asked)
    {
        var (error, isDone) = await ExecuteAsync(context, request, asked);
        if (isDone) await Services.Sender.SendAsync(context, request, asked);
        return error;
    }
}
