using System.Text.Json;
using ServeBench.Hosts.Engines;
using ServeBench.Hosts.Telemetry;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>How the way to another machine's engine is read and asked for, and what that engine counts.</summary>
public class SshTests
{
    [Theory]
    [InlineData("ssh://gpu", "gpu", null, null)]
    [InlineData("ssh://me@gpu.example", "gpu.example", "me", null)]
    [InlineData("ssh://me@Gpu_1:2222/run/docker.sock", "Gpu_1", "me", 2222)]
    [InlineData("ssh://[2001:db8::1]:22", "2001:db8::1", null, 22)]
    [InlineData("ssh://[2001:db8::1]", "2001:db8::1", null, null)]
    public void An_address_is_read(string address, string host, string? user, int? port) => Assert.Equal(new SshDestination(host, user, port), SshDestination.Parse(address));

    [Theory]
    [InlineData("ssh://")]
    [InlineData("ssh://gpu:0")]
    [InlineData("ssh://gpu:port")]
    [InlineData("unix:///var/run/docker.sock")]
    [InlineData("tcp://gpu:2375")]
    public void Another_address_is_not(string address) => Assert.Null(SshDestination.Parse(address));

    [Fact]
    public void A_tunnel_listens_on_this_machine_alone_asks_nobody_and_shares_no_connection() => Assert.Equal(
        [
            "-S", "none", "-a", "-x", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3",
            "-N", "-o", "ExitOnForwardFailure=yes", "-o", "Compression=no", "-L", "127.0.0.1:5000:127.0.0.1:32768", "-L", "/tmp/x/engine.sock:/var/run/docker.sock",
            "-l", "me", "-p", "2222", "--", "gpu",
        ],
        SshTunnel.Arguments(new SshDestination("gpu", "me", 2222), [(5000, 32768)], "/tmp/x/engine.sock"));

    [Theory]
    [InlineData("""{"usage":1000,"stats":{"total_inactive_file":300,"inactive_file":1}}""")]
    [InlineData("""{"usage":1000,"stats":{"inactive_file":300}}""")]
    public void What_an_engine_counts_is_read_for_both_versions_of_control_groups(string memory)
    {
        var stats = Read($$$$"""
            {"cpu_stats":{"cpu_usage":{"total_usage":2500000000},"throttling_data":{"periods":7,"throttled_periods":2,"throttled_time":9000000}},"memory_stats":{{{{memory}}}},
            "networks":{"eth0":{"rx_bytes":10,"tx_bytes":20},"eth1":{"rx_bytes":1,"tx_bytes":2}}}
            """);
        Assert.Equal(new EngineStats(2.5, 700, new QuotaUse(7, 2, 0.009), 11, 22), stats);
    }

    [Fact]
    public void A_container_that_has_ended_counts_nothing() =>
        Assert.Null(Read("""{"cpu_stats":{"cpu_usage":{"total_usage":0},"throttling_data":{"periods":0,"throttled_periods":0,"throttled_time":0}},"memory_stats":{}}"""));

    private static EngineStats? Read(string answer) => EngineStats.Read(JsonDocument.Parse(answer).RootElement);
}
