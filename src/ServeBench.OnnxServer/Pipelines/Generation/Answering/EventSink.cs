using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.Generation.Answering;

/// <summary>Sends tokens as server-sent events. The head of the answer leaves with the first.</summary>
internal sealed class EventSink(HttpContext context, GenerationRequest request, GenerationFormat format) : ITokenSink
{
    /// <summary>Where more may be written.</summary>
    public Utf8Output Output { get; } = new(request.Buffer);

    /// <summary>True once something has been sent or is about to be.</summary>
    public bool HasBegun => context.Response.HasStarted || request.Buffer.WrittenCount > 0;

    public void Add(GenerationRequest of, int item, in TokenPiece piece) => format.WriteToken(Output, of, item, piece);

    public async ValueTask FlushAsync()
    {
        if (request.Buffer.WrittenCount == 0) return;
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            context.Response.Headers.CacheControl = "no-cache";
        }
        await context.Response.BodyWriter.WriteAsync(request.Buffer.WrittenMemory, context.RequestAborted);
        request.Buffer.ResetWrittenCount();
    }
}
