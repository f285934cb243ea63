using System.Net;
using System.Net.Sockets;
using ServeBench.Platform.Linux;

namespace ServeBench.Platform.Tests;

public sealed class EpollTests
{
    private const ulong Key = 42;

    [Fact]
    public void A_wait_ends_at_its_time()
    {
        using var epoll = Open();
        var until = MonotonicClock.System.Now + 5_000_000;
        // It may return earlier with nothing, but not for ever.
        while (MonotonicClock.System.Now < until) Assert.All(Enumerable.Range(0, epoll.Wait(until)), i => Assert.False(epoll.Event(i, out _, out var _)));
        Assert.Equal(0, epoll.Wait(0));
    }

    [Fact]
    public void A_wake_up_ends_the_next_wait()
    {
        using var epoll = Open();
        epoll.Wake();
        Assert.Equal(1, epoll.Wait(long.MaxValue));
        Assert.False(epoll.Event(0, out _, out _));
    }

    [Fact]
    public void What_happens_on_a_descriptor_has_its_key()
    {
        using var epoll = Open();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        epoll.Add((int)listener.SafeHandle.DangerousGetHandle(), Libc.EPOLLIN, Key);
        Assert.Equal(0, epoll.Wait(0));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        Assert.Equal(1, epoll.Wait(long.MaxValue));
        Assert.True(epoll.Event(0, out var events, out var key));
        Assert.Equal((Key, Libc.EPOLLIN), (key, events & Libc.EPOLLIN));
    }

    [Fact]
    public void An_error_says_what_was_being_done()
    {
        using var epoll = Open();
        Assert.StartsWith("could not watch a descriptor: ", Assert.Throws<LinuxError>(() => epoll.Add(-1, Libc.EPOLLIN, Key)).Message, StringComparison.Ordinal);
    }

    private static Epoll Open()
    {
        Assert.SkipUnless(Epoll.IsSupported, "there is no epoll on this system");
        return new Epoll();
    }
}
