using System.Net;
using System.Net.Sockets;

namespace ServeBench.Load.Tests.Servers;

/// <summary>A server of HTTP/2 that sends the same frame again and again, and reads nothing.</summary>
internal sealed class FloodServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _flood;

    public FloodServer(byte[] frame)
    {
        _flood = [.. Enumerable.Repeat(frame, 4000).SelectMany(f => f)];
        _listener.Start();
        _ = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                await stream.WriteAsync(Http2.Frames.Of(Http2.Frames.Settings, 0, 0));
                while (true) await stream.WriteAsync(_flood);
            }
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }
}
