using System.Net;
using System.Net.Sockets;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http;

namespace ServeBench.Load;

/// <summary>One request on a connection of its own, outside any measurement: for readiness and parity.</summary>
public static class SingleExchange
{
    /// <returns>The status and the whole body.</returns>
    /// <exception cref="IOException">when there is no connection, no whole answer, or an answer that is not HTTP; says which.</exception>
    /// <exception cref="TimeoutException">when the answer is not whole within the limit.</exception>
    public static async Task<KeptAnswer> AskAsync(IPEndPoint target, RenderedRequest request, int payload, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(target, deadline.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(request.Bytes, deadline.Token);
            return await ReadAsync(stream, payload, deadline.Token);
        }
        catch (SocketException e)
        {
            throw new IOException($"no connection to {target}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{target} did not answer within {limit.TotalSeconds:0.#} s", e);
        }
    }

    private static async Task<KeptAnswer> ReadAsync(NetworkStream stream, int payload, CancellationToken cancellationToken)
    {
        var body = new BodyBuffer();
        var parser = new ResponseParser();
        parser.Reset(body);
        var buffer = new byte[16 * 1024];
        while (parser.State == ParserState.Incomplete)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            if (read > 0) parser.Feed(buffer.AsSpan(0, read));
            else if (parser.EndOfStream() == ParserState.Incomplete) throw new IOException("the connection ended in the middle of an answer");
        }
        return parser.State == ParserState.Complete
            ? new KeptAnswer(payload, parser.Status, body.ToArray())
            : throw new IOException($"the answer is not HTTP: {parser.Problem}");
    }
}
