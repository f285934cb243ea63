using System.Buffers;
using System.Globalization;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Serving;

/// <summary>Sends finished answers.</summary>
internal sealed class AnswerSender(ServerMetrics metrics, TimeProvider time)
{
    /// <summary>Answers up to this size are put together first and sent with their length; larger ones are sent in pieces.</summary>
    private const int LargestWhole = 1 << 17;

    public async ValueTask SendAsync<TRequest, T>(HttpContext context, TRequest request, T answer)
        where TRequest : ScheduledRequest
        where T : struct, IAnswer<TRequest>
    {
        var began = time.GetTimestamp();
        context.Response.ContentType = answer.ContentType;
        var most = answer.HeadRoom + (long)request.Count * answer.ItemRoom + answer.TailRoom;
        if (most <= LargestWhole) await SendWholeAsync(context, request, answer, (int)most, began);
        else await SendInPiecesAsync(context, request, answer, began);
    }

    private async ValueTask SendWholeAsync<TRequest, T>(HttpContext context, TRequest request, T answer, int most, long began)
        where TRequest : ScheduledRequest
        where T : struct, IAnswer<TRequest>
    {
        var buffer = ArrayPool<byte>.Shared.Rent(most);
        var length = answer.WriteHead(request, buffer);
        for (var i = 0; i < request.Count; i++) length += answer.WriteItem(request, i, buffer.AsSpan(length));
        length += answer.WriteTail(request, buffer.AsSpan(length));
        context.Response.ContentLength = length;
        answer.Complete(context.Response);
        context.Response.Headers["Server-Timing"] = Timing(request, Serialised(request, began));
        await context.Response.BodyWriter.WriteAsync(buffer.AsMemory(0, length), context.RequestAborted);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private async ValueTask SendInPiecesAsync<TRequest, T>(HttpContext context, TRequest request, T answer, long began)
        where TRequest : ScheduledRequest
        where T : struct, IAnswer<TRequest>
    {
        context.Response.Headers["Server-Timing"] = Timing(request, null);
        answer.Complete(context.Response);
        var writer = context.Response.BodyWriter;
        writer.Advance(answer.WriteHead(request, writer.GetSpan(answer.HeadRoom)));
        for (var i = 0; i < request.Count; i++)
        {
            writer.Advance(answer.WriteItem(request, i, writer.GetSpan(answer.ItemRoom)));
            if (writer.UnflushedBytes >= LargestWhole / 2) await writer.FlushAsync(context.RequestAborted);
        }
        writer.Advance(answer.WriteTail(request, writer.GetSpan(answer.TailRoom)));
        await writer.FlushAsync(context.RequestAborted);
        Serialised(request, began);
    }

    private double Serialised(ScheduledRequest request, long began)
    {
        request.WritingTicks = time.GetTimestamp() - began;
        var seconds = time.GetElapsedTime(0, request.WritingTicks).TotalSeconds;
        metrics.Serialised.Observe(seconds);
        return seconds;
    }

    /// <summary>
    /// The header Server-Timing (W3C), in milliseconds: reading and making the model's inputs, waiting for an execution, being
    /// executed, and, where the answer was put together before its head was sent, writing it.
    /// </summary>
    private string Timing(ScheduledRequest request, double? serialised)
    {
        double Milliseconds(long from, long to) => time.GetElapsedTime(from, to).TotalMilliseconds;
        var inputRead = Milliseconds(request.ReceivedAt, request.QueuedAt);
        var queued = Milliseconds(request.QueuedAt, request.StartedAt);
        var executed = Milliseconds(request.StartedAt, request.EndedAt);
        return serialised is { } seconds
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"input;dur={inputRead:0.###}, queue;dur={queued:0.###}, inference;dur={executed:0.###}, "
                    + $"serialize;dur={seconds * 1e3:0.###}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"input;dur={inputRead:0.###}, queue;dur={queued:0.###}, inference;dur={executed:0.###}");
    }
}
