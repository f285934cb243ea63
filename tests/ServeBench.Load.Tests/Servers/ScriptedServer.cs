using System.Net;
using System.Net.Sockets;

namespace ServeBench.Load.Tests.Servers;

/// <summary>A server that does with each request what a test says, one blocking thread per connection, and counts what it sees.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly Socket _listener;
    private readonly Action<ServerExchange> _script;
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private int _inFlight;
    private bool _stopped;

    public ScriptedServer(Action<ServerExchange> script, IPAddress? address = null)
    {
        _script = script;
        _listener = new Socket((address ?? IPAddress.Loopback).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        _listener.Listen(1024);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Requests read so far.</summary>
    public int Requests { get; private set; }

    /// <summary>Connections accepted so far.</summary>
    public int Accepted { get; private set; }

    /// <summary>The most requests that were read and not yet answered at any time.</summary>
    public int MostInFlight { get; private set; }

    public int OpenConnections
    {
        get
        {
            lock (_gate) return _open.Count;
        }
    }

    /// <summary>Goes away as a process that dies does: the port and every connection at once.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _listener.Dispose();
            foreach (var socket in _open)
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }
        }
    }

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            lock (_gate)
            {
                if (_stopped)
                {
                    socket.Dispose();
                    return;
                }
                Accepted++;
                _open.Add(socket);
            }
            new Thread(() => Serve(socket), 256 * 1024) { IsBackground = true }.Start();
        }
    }

    private void Serve(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            var reader = new RequestStream(socket);
            while (reader.Next() is { } request)
            {
                int number;
                lock (_gate)
                {
                    number = Requests++;
                    MostInFlight = Math.Max(MostInFlight, ++_inFlight);
                }
                var exchange = new ServerExchange(socket, number, request.Head, request.Body, () =>
                {
                    lock (_gate) _inFlight--;
                });
                _script(exchange);
                if (exchange.Closed) return;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client has gone or the test is over.
        }
        finally
        {
            lock (_gate) _open.Remove(socket);
            socket.Dispose();
        }
    }
}
