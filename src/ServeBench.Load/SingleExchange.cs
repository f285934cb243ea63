using System.Net;
using System.Net.Sockets;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http;

namespace ServeBench.Load;

/// <summary>
/// One request on a connection of its own, outside any measurement: for readiness and parity. The same bytes go out and the
/// same parser reads the answer as under load.
/// </summary>
public static class SingleExchange
{
    /// <returns>The status and the whole body.</returns>
    /// <exception cref="IOException">when there is no connection, no whole answer, or an answer that is not HTTP; says which.</exception>
    /// <exception cref="TimeoutException">when the answer is not whole within the limit.</exception>
    public static async Task<KeptAnswer> AskAsync(IPEndPoint target, RenderedRequest request, int payload, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, deadline.Token);
            return await ExchangeAsync(socket, request, payload, deadline.Token);
        }
        catch (SocketException e)
        {
            throw new IOException(socket.Connected ? $"{target} broke the connection: {e.Message}" : $"no connection to {target}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{target} did not answer within {limit.TotalSeconds:0.###} s", e);
        }
    }

    private static async Task<KeptAnswer> ExchangeAsync(Socket socket, RenderedRequest request, int payload, CancellationToken cancellationToken)
    {
        // A server may answer, and stop reading, before it has all of a large request: sending must not keep the answer waiting.
        var sending = SendAsync(socket, request.Bytes, cancellationToken);
        var body = new BodyBuffer();
        var parser = new ResponseParser();
        parser.Reset(body);
        var buffer = new byte[64 * 1024];
        while (parser.State == ParserState.Incomplete)
        {
            var read = await socket.ReceiveAsync(buffer, cancellationToken);
            if (read > 0) parser.Feed(buffer.AsSpan(0, read));
            else if (parser.EndOfStream() == ParserState.Incomplete) throw new IOException("the connection ended before the answer was whole");
        }
        socket.Close();
        await sending;
        return parser.State == ParserState.Complete
            ? new KeptAnswer(payload, parser.Status, body.ToArray())
            : throw new IOException($"the answer is not HTTP: {parser.Problem}");
    }

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
