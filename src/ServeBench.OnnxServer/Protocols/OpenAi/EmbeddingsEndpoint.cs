using System.Buffers;
using System.IO.Pipelines;
using ServeBench.OnnxServer.Batching;

namespace ServeBench.OnnxServer.Protocols.OpenAi;

/// <summary>POST /v1/embeddings.</summary>
internal sealed class EmbeddingsEndpoint(EmbeddingsRequestReader reader, InferenceRequestPool pool)
{
    /// <summary>Answers up to this size are put together first and sent with their length; larger ones are sent in pieces.</summary>
    private const int LargestWhole = 1 << 17;

    public async Task HandleAsync(HttpContext context)
    {
        var request = pool.Get();
        var (asked, error) = await ReadAsync(context, request);
        if (error is null)
        {
            request.Begin(asked.Model.Manifest.Dimensions);
            error = asked.Model.Queue.TryAdd(request) ? await FinishAsync(context, request, asked) : OpenAiError.Overloaded;
        }
        // Everything that was queued has come back by now, so the object can serve another request.
        pool.Return(request);
        if (error is not null && !context.RequestAborted.IsCancellationRequested) await error.WriteAsync(context);
    }

    private async ValueTask<(EmbeddingsRequest Asked, OpenAiError? Error)> ReadAsync(HttpContext context, InferenceRequest into)
    {
        var body = context.Request.BodyReader;
        ReadOnlySequence<byte> bytes;
        try
        {
            bytes = await RequestBody.ReadAllAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException e)
        {
            return (default, OpenAiError.Invalid(e.Message) with { Status = e.StatusCode });
        }
        var asked = Parse(bytes, into, out var error);
        body.AdvanceTo(bytes.End);
        return (asked, error);
    }

    private EmbeddingsRequest Parse(in ReadOnlySequence<byte> body, InferenceRequest into, out OpenAiError? error)
    {
        if (body.IsSingleSegment) return reader.Read(body.FirstSpan, into, out error);
        var length = (int)body.Length;
        var whole = ArrayPool<byte>.Shared.Rent(length);
        body.CopyTo(whole);
        var asked = reader.Read(whole.AsSpan(0, length), into, out error);
        ArrayPool<byte>.Shared.Return(whole);
        return asked;
    }

    private static async ValueTask<OpenAiError?> FinishAsync(HttpContext context, InferenceRequest request, EmbeddingsRequest asked)
    {
        InferenceOutcome outcome;
        using (context.RequestAborted.UnsafeRegister(static state =>
        {
            var (queue, request) = ((TextQueue, InferenceRequest))state!;
            queue.Remove(request, InferenceOutcome.Cancelled);
        }, (asked.Model.Queue, request)))
        {
            outcome = await request.Completion;
        }
        switch (outcome)
        {
            case InferenceOutcome.Done:
                await RespondAsync(context, new EmbeddingsResponse(request, asked));
                return null;
            case InferenceOutcome.Failed:
                return OpenAiError.Failed;
            default:
                // The client is gone: nobody reads an answer.
                return null;
        }
    }

    private static async ValueTask RespondAsync(HttpContext context, EmbeddingsResponse answer)
    {
        context.Response.ContentType = "application/json";
        var count = answer.Request.Count;
        var most = EmbeddingsResponse.HeadRoom + (long)count * answer.EmbeddingRoom + answer.TailRoom;
        if (most > LargestWhole)
        {
            await SendInPiecesAsync(context.Response.BodyWriter, answer, context.RequestAborted);
            return;
        }
        var buffer = ArrayPool<byte>.Shared.Rent((int)most);
        var length = EmbeddingsResponse.WriteHead(buffer);
        for (var i = 0; i < count; i++) length += answer.WriteEmbedding(i, buffer.AsSpan(length));
        length += answer.WriteTail(buffer.AsSpan(length));
        context.Response.ContentLength = length;
        await context.Response.BodyWriter.WriteAsync(buffer.AsMemory(0, length), context.RequestAborted);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static async ValueTask SendInPiecesAsync(PipeWriter writer, EmbeddingsResponse answer, CancellationToken cancellationToken)
    {
        writer.Advance(EmbeddingsResponse.WriteHead(writer.GetSpan(EmbeddingsResponse.HeadRoom)));
        for (var i = 0; i < answer.Request.Count; i++)
        {
            writer.Advance(answer.WriteEmbedding(i, writer.GetSpan(answer.EmbeddingRoom)));
            if (writer.UnflushedBytes >= LargestWhole / 2) await writer.FlushAsync(cancellationToken);
        }
        writer.Advance(answer.WriteTail(writer.GetSpan(answer.TailRoom)));
        await writer.FlushAsync(cancellationToken);
    }
}
