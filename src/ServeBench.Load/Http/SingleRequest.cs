using System.Net;
using System.Net.Sockets;
using ServeBench.Load.Encoding;

namespace ServeBench.Load.Http;

/// <summary>
/// Sends one rendered request on a connection of its own: for readiness, parity and other questions that are not load. The
/// same bytes go out and the same parser reads the answer as under load.
/// </summary>
public static class SingleRequest
{
    /// <summary>Failures of the server are results, so that a caller can ask again until it is ready.</summary>
    /// <exception cref="OperationCanceledException">when <paramref name="ct"/> is cancelled; running out of time is a result.</exception>
    public static async Task<SingleAnswer> SendAsync(IPEndPoint target, RenderedRequest request, TimeSpan limit, CancellationToken ct)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(ct);
        inTime.CancelAfter(limit);
        using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, inTime.Token);
            return await ExchangeAsync(socket, target, request, inTime.Token);
        }
        catch (SocketException e)
        {
            return Failed(socket.Connected ? $"{target} broke the connection: {e.Message}" : $"{target} cannot be reached: {e.Message}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Failed($"{target} gave no whole answer within {limit.TotalSeconds:0.###} s");
        }
    }

    private static async Task<SingleAnswer> ExchangeAsync(Socket socket, IPEndPoint target, RenderedRequest request, CancellationToken ct)
    {
        // A server may answer before it has read everything, so sending must not keep the answer waiting.
        var sending = SendAsync(socket, request.Bytes, ct);
        var body = new BodyBuffer();
        var parser = new ResponseParser();
        parser.Reset(body);
        var buffer = new byte[64 * 1024];
        while (parser.State == ParserState.Incomplete)
        {
            var count = await socket.ReceiveAsync(buffer, ct);
            if (count > 0) parser.Feed(buffer.AsSpan(0, count));
            else if (parser.EndOfStream() == ParserState.Incomplete) return Failed($"{target} closed the connection before its answer was whole");
        }
        socket.Close();
        await sending;
        return parser.State == ParserState.Complete
            ? new SingleAnswer(parser.Status, body.ToArray(), null)
            : Failed($"{target} did not answer with HTTP/1.1: {parser.Problem}");
    }

    private static async Task SendAsync(Socket socket, byte[] bytes, CancellationToken ct)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), ct);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Whatever became of the request, the answer or its absence says it.
        }
    }

    private static SingleAnswer Failed(string why) => new(0, [], why);
}
