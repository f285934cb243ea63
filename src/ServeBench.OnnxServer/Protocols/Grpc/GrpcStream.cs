using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.Grpc;

/// <summary>
/// Calls of several messages, each of which is answered before the next is read. They end with the client's last message, with their
/// deadline, or when the server is about to end: between two messages, so that what was taken is answered.
/// </summary>
/// <param name="gate">Says when the server is about to end.</param>
/// <param name="most">The most bytes of a message.</param>
/// <param name="time">The clock.</param>
internal sealed class GrpcStream(RequestGate gate, int most, TimeProvider time)
{
    /// <summary>How long a server that is about to end waits for clients that do not notice.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Answers a call.</summary>
    /// <param name="context">The call.</param>
    /// <param name="answer">Answers a message, or says why the call ends with it; is given when the call expires.</param>
    public async Task HandleAsync(HttpContext context, Func<byte[], long, ValueTask<ApiError?>> answer)
    {
        var received = time.GetTimestamp();
        var error = GrpcTimeout.Read(context.Request, out var timeout);
        // The longest stands for all that are longer; a stream that is to last for hours must not end with it.
        if (timeout >= ServerOptions.LongestTimeout) timeout = null;
        if (error is null && !gate.TryEnter(isRequest: false)) error = ApiError.Stopping;
        if (error is not null)
        {
            await GrpcErrors.WriteAsync(context, error);
            return;
        }
        try
        {
            await AnswerAsync(context, answer, received, timeout);
        }
        finally
        {
            gate.Leave();
        }
    }

    private async Task AnswerAsync(
        HttpContext context, Func<byte[], long, ValueTask<ApiError?>> answer, long received, TimeSpan? timeout)
    {
        GrpcWire.KeepOpen(context);
        // The client may wait for the head before it sends anything.
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        var expiresAt = timeout is { } limit ? received + (long)(limit.TotalSeconds * time.TimestampFrequency) : long.MaxValue;
        using var deadline = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, gate.Closed, deadline.Token);
        byte[]? message;
        ApiError? error;
        do
        {
            (message, error) = await ReadAsync(context, end.Token);
            if (message is not null) error = await answer(message, expiresAt);
        }
        while (message is not null && error is null);
        if (error is null) GrpcWire.Succeed(context.Response);
        else GrpcWire.Fail(context.Response, error);
        // Before the gate is left: the server may end, and its connections with it, as soon as nobody is inside.
        await context.Response.CompleteAsync();
        if (error is not null && gate.IsDraining) await ClientEndsAsync(context);
    }

    /// <summary>
    /// Waits until the client ends its side, too, which it does once it has seen the end of ours: a connection that is closed sooner can
    /// take the last frames along.
    /// </summary>
    private async Task ClientEndsAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        using var patience = new CancellationTokenSource(Patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, patience.Token);
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(end.Token);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // It has ended the call its own way, or does not end it.
        }
    }

    private async ValueTask<(byte[]? Message, ApiError? Error)> ReadAsync(HttpContext context, CancellationToken end)
    {
        try
        {
            return await GrpcMessages.ReadAsync(context.Request.BodyReader, most, end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return (null, gate.Closed.IsCancellationRequested ? ApiError.Stopping : ApiError.Expired);
        }
    }
}
