using System.Net;
using System.Net.Sockets;

namespace ServeBench.Load.Tests.Servers;

/// <summary>
/// A server of HTTP/2 that answers the n-th request on its m-th connection with the very frames that a test says, right after the frame
/// that ends the request.
/// </summary>
internal sealed class FrameServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<int, int, int, byte[]?> _answer;
    private int _connections;

    /// <param name="answer">Number of the connection and of the request on it, from 0, and the stream; null closes the connection.</param>
    public FrameServer(Func<int, int, int, byte[]?> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = ServeAsync(client, Interlocked.Increment(ref _connections) - 1);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, int connection)
    {
        try
        {
            using (client)
            {
                client.NoDelay = true;
                var stream = client.GetStream();
                await stream.ReadExactlyAsync(new byte[24]);
                await stream.WriteAsync(Http2.Frames.Of(Http2.Frames.Settings, 0, 0));
                for (var request = 0; ;)
                {
                    var head = new byte[9];
                    await stream.ReadExactlyAsync(head);
                    var frame = Http2.Frames.Parse([0, 0, 0, .. head[3..]])[0];
                    await stream.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]]);
                    if (frame is not { Type: Http2.Frames.Data, Flags: Http2.Frames.EndStream }) continue;
                    if (_answer(connection, request++, frame.Stream) is not { } answer) return;
                    await stream.WriteAsync(answer);
                }
            }
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }
}
