using System.Net;
using System.Net.Sockets;
using ServeBench.Platform;
using ServeBench.Platform.Linux;

namespace ServeBench.Load.Tests.Native;

public sealed class ArrivalStampTests
{
    /// <summary>A thread that comes late to read, as every one that slept does, still learns when the bytes came.</summary>
    [Fact]
    public unsafe void Bytes_that_waited_came_when_they_came()
    {
        Assert.SkipUnless(Epoll.IsSupported, "there is no epoll on this system");
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        using var server = listener.Accept();
        var socket = (int)client.SafeHandle.DangerousGetHandle();
        ArrivalStamp.Enable(socket);

        var buffer = stackalloc byte[8];
        // The kernel begins to stamp shortly after the first socket asks for it.
        for (var attempt = 1; ; attempt++)
        {
            var before = MonotonicClock.System.Now;
            server.Send("x"u8);
            var after = MonotonicClock.System.Now;
            Thread.Sleep(20);
            Assert.Equal(1, ArrivalStamp.Receive(socket, buffer, 8, out var arrived));
            if (attempt < 5 && arrived > after + 1_000_000) continue;
            Assert.InRange(arrived, before - 1_000_000, after + 1_000_000);
            break;
        }
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, ArrivalStamp.Receive(socket, buffer, 8, out _));
    }
}
