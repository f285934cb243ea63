using System.Net.Sockets;
using System.Net;
using ServeBench.NullServer.Serving;
using ServeBench.Platform.Linux;

namespace ServeBench.NullServer;

/// <summary>A null server inside this process, on 127.0.0.1, on threads of its own.</summary>
public sealed class NullServerHost : IDisposable
{
    /// <summary>Enough for any number of connections that a load opens at once.</summary>
    private const int Backlog = 4096;

    private readonly IServing _serving;
    private readonly Desk _desk;
    private readonly Thread _thread;

    private NullServerHost(NullServerOptions options)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
        listener.Listen(Backlog);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _desk = new Desk(options);
        var kind = options.Serving ?? (Epoll.IsSupported ? ServingKind.Epoll : ServingKind.Threads);
        _serving = kind == ServingKind.Epoll ? new EpollServing(listener, _desk) : new ThreadServing(listener, _desk);
        _thread = new Thread(_serving.Run) { IsBackground = true, Name = "null server" };
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>What <c>GET /planted</c> answers.</summary>
    public string Planted => _desk.Planter.ToJson();

    /// <summary>The truth, request by request: see <see cref="Latency.Planter.Achieved"/>.</summary>
    internal IReadOnlyList<long> Achieved => _desk.Planter.Achieved();

    /// <summary>As above, of the times between the pieces of answers: see <see cref="Latency.Planter.AchievedPauses"/>.</summary>
    internal IReadOnlyList<long> AchievedPauses => _desk.Planter.AchievedPauses();

    /// <exception cref="SocketException">when the port is taken.</exception>
    public static NullServerHost Start(NullServerOptions options)
    {
        var host = new NullServerHost(options);
        host._thread.Start();
        return host;
    }

    /// <summary>Closes every connection and the port.</summary>
    public void Dispose()
    {
        _serving.Stop();
        _thread.Join();
        _serving.Dispose();
    }
}
