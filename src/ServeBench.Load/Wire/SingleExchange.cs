using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http;

namespace ServeBench.Load.Wire;

/// <summary>
/// One request on a connection of its own, outside any measurement (AskAsync of <see cref="WireFormat"/>). The same bytes go out and
/// the same reader reads the answer as under load.
/// </summary>
internal static class SingleExchange
{
    public static async Task<KeptAnswer> AskAsync(
        AnswerReader reader, IPEndPoint target, RenderedRequest request, int payload, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, deadline.Token);
            return await ExchangeAsync(reader, socket, request, payload, deadline.Token);
        }
        catch (SocketException e)
        {
            throw new IOException(
                socket.Connected ? $"{target} broke the connection: {e.Message}" : $"no connection to {target}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{target} did not answer within {limit.TotalSeconds:0.###} s", e);
        }
    }

    private static async Task<KeptAnswer> ExchangeAsync(
        AnswerReader reader, Socket socket, RenderedRequest request, int payload, CancellationToken cancellationToken)
    {
        var sent = Stopwatch.GetTimestamp();
        // A server may answer, and stop reading, before it has all of a large request: sending must not keep the answer waiting.
        var sending = Task.CompletedTask;
        if (reader.Writer is null) sending = SendAsync(socket, request.Bytes, cancellationToken);
        else reader.Writer.Begin(request, isFirst: true);
        var kept = new AnswerBuffer();
        reader.Reset(kept);
        var buffer = new byte[64 * 1024];
        var receiving = socket.ReceiveAsync(buffer, cancellationToken).AsTask();
        while (reader.State == ParserState.Incomplete)
        {
            // One piece after the other: what the server does not read must not pile up.
            if (sending.IsCompleted && reader.Writer is not null && reader.Writer.TryTake(out var bytes))
            {
                sending = SendAsync(socket, bytes.ToArray(), cancellationToken);
                continue;
            }
            if (!sending.IsCompleted && await Task.WhenAny(receiving, sending) == sending) continue;
            var read = await receiving;
            if (read > 0) reader.Feed(buffer.AsSpan(0, read), Stopwatch.GetElapsedTime(sent).Ticks * TimeSpan.NanosecondsPerTick);
            else if (reader.EndOfStream() == ParserState.Incomplete)
                throw new IOException("the connection ended before the answer was whole" + Because(reader));
            if (reader.State == ParserState.Incomplete) receiving = socket.ReceiveAsync(buffer, cancellationToken).AsTask();
        }
        socket.Close();
        await sending;
        return reader.State switch
        {
            ParserState.Complete => kept.ToAnswer(payload, reader.Status, 0) with { Meaning = reader.Meaning },
            ParserState.NotTaken => throw new IOException("the server takes no request" + Because(reader)),
            _ => throw new IOException($"the answer is not {reader.Language}: {reader.Problem}"),
        };
    }

    private static string Because(AnswerReader reader) => reader.Goodbye is { Length: > 0 } goodbye ? $": {goodbye}" : "";

    private static async Task SendAsync(Socket socket, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Whatever became of the request, the answer or its absence says it.
        }
    }
}
