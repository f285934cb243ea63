using System.Net.Sockets;
using ServeBench.Load.Tests.Http2;

namespace ServeBench.Load.Tests.Servers;

/// <summary>A server of HTTP/2 that sends the same frame again and again, and reads nothing.</summary>
internal sealed class FloodServer : LoopbackServer
{
    private readonly byte[] _flood;

    public FloodServer(byte[] frame)
    {
        _flood = [.. Enumerable.Repeat(frame, 4000).SelectMany(f => f)];
        Start();
    }

    protected override async Task ServeAsync(NetworkStream stream, int connection)
    {
        await stream.WriteAsync(Frames.Of(Frames.Settings, 0, 0));
        while (true) await stream.WriteAsync(_flood);
    }
}
