using System.Net;
using System.Net.Sockets;

namespace ServeBench.Load.Tests.Servers;

/// <summary>A server on 127.0.0.1 that takes connections until it is disposed of; what it does with one, its heirs say.</summary>
internal abstract class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _connections;

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public void Dispose() => _listener.Dispose();

    /// <summary>Takes connections from now on.</summary>
    protected void Start()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Serves a connection, which is closed when that ends.</summary>
    /// <param name="connection">Its number, from 0.</param>
    /// <exception cref="IOException">when the client has gone, which is no fault.</exception>
    protected abstract Task ServeAsync(NetworkStream stream, int connection);

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
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await ServeAsync(client.GetStream(), _connections++);
            }
            catch (IOException)
            {
                // The client has gone.
            }
        }
    }
}
