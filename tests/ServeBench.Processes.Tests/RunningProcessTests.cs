using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ServeBench.Processes.Cpu;
using ServeBench.Processes.Running;

namespace ServeBench.Processes.Tests;

public sealed class RunningProcessTests
{
    [Fact]
    public void A_line_of_stat_is_read_whatever_the_program_is_called()
    {
        var process = ProcessEntry.Parse("42 (a) S (b) Z 7 8 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 5 13 0 98765 1 2");
        Assert.Equal(new ProcessEntry(42, "a) S (b", 'Z', 7, 8, 9, 5, 13, 98765), process);
        Assert.False(process.IsAlive);
    }

    [Theory]
    [InlineData("0100007F:1F90", "127.0.0.1:8080")]
    [InlineData("00000000:0050", "0.0.0.0:80")]
    [InlineData("0000000000000000FFFF00000100007F:1F90", "[::ffff:127.0.0.1]:8080")]
    public void An_address_is_read_as_the_kernel_writes_it(string text, string address)
    {
        Assert.SkipUnless(BitConverter.IsLittleEndian, "the kernel writes words in the machine's order");
        Assert.Equal(IPEndPoint.Parse(address), ListeningSocket.Parse(text));
    }

    [Fact]
    public void A_listener_and_a_connection_are_found_with_their_holder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux lists sockets with their holders");
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var socket = Assert.Single(ListeningSocket.All(), l => l.Answers(port));
        Assert.Contains(socket.Inode, ListeningSocket.InodesOf(Environment.ProcessId));
        Assert.Equal(0, ListeningSocket.OwnConnectionsTo(port));
        using (var client = new TcpClient())
        {
            client.Connect(IPAddress.Loopback, port);
            Assert.Equal(1, ListeningSocket.OwnConnectionsTo(port));
        }
        Assert.Equal(0, ListeningSocket.OwnConnectionsTo(port));
    }

    [Fact]
    public void A_thread_that_strayed_is_put_back_and_others_are_left_alone()
    {
        Assert.SkipUnless(CpuAffinity.IsSupported && CpuAffinity.Available.Count >= 2, "needs Linux and two processors");
        var (own, other) = (CpuAffinity.Available[0], CpuAffinity.Available[^1]);
        using var process = CpuAffinity.RunOn([own], () => Process.Start("sleep", ["600"]));
        try
        {
            Assert.Empty(ThreadMasks.PutBack([process.Id], [own]));
            Assert.True(CpuAffinity.TryConfine(process.Id, [other]));
            var (thread, outside) = Assert.Single(ThreadMasks.PutBack([process.Id], [own]));
            Assert.Equal(process.Id, thread);
            Assert.Equal([other], outside);
            Assert.Equal([own], CpuAffinity.Get(process.Id));
        }
        finally
        {
            process.Kill();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Nobody_signals_everybody(int process) => Assert.Throws<ArgumentOutOfRangeException>(() => ProcessSignals.Send(process, "SIGTERM"));
}
