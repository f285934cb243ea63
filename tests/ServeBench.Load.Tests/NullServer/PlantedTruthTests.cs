using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Tests.Native;
using ServeBench.NullServer;
using ServeBench.NullServer.Latency;

namespace ServeBench.Load.Tests.NullServer;

/// <summary>The driver against servers whose truth is planted, over real sockets. Limits are wide: other tests share the machine.</summary>
[Lane("slow")]
public sealed class PlantedTruthTests : DriverTest
{
    private static readonly PayloadSlices Disjoint = new(new PayloadStretch(0, 3000), new PayloadStretch(3000, 3000));

    /// <summary>A server with a cache looks fifty times as fast where bodies are repeated; drawn from disjoint stretches, not one is.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_caches_answers_wins_nothing_where_nothing_is_sent_twice(bool disjoint)
    {
        using var server = NullServerHost.Start(new NullServerOptions { Latency = Latency("constant:10ms"), CacheHit = 0 });
        var job = Job(server.EndPoint, new ClosedLoop(2), payloads: disjoint ? 6000 : 10) with { Slices = disjoint ? Disjoint : null };
        var result = await Driver("epoll").RunAsync(job, Ct);
        var hits = Rows(result).Count(s => s.EndToEnd < 8 * Millisecond);
        if (disjoint) Assert.Equal(0, hits);
        else Assert.InRange(hits, result.Samples.Count / 2, result.Samples.Count);
    }

    /// <summary>A stall shows in the latency of all that were due in it, in an open loop.</summary>
    [Fact]
    public async Task A_stall_shows_in_an_open_loop()
    {
        using var server = NullServerHost.Start(new NullServerOptions { Stall = new Stall(1000 * Millisecond, 300 * Millisecond) });
        var job = Job(server.EndPoint, new OpenLoop("constant", 200)) with { Measure = TimeSpan.FromSeconds(2) };
        var rows = Rows(await Driver("epoll").RunAsync(job, Ct));
        Assert.Equal(400, rows.Length);
        // Of two seconds 600 ms are stalls, so 120 requests wait, half of them for 150 ms and more.
        Assert.InRange(rows.Count(s => s.EndToEnd >= 150 * Millisecond), 45, 110);
        Assert.InRange(rows.Max(s => s.EndToEnd), 280 * Millisecond, 2000 * Millisecond);
    }

    [Fact]
    public async Task Requests_that_are_dropped_are_counted_as_broken_connections()
    {
        using var server = NullServerHost.Start(new NullServerOptions { DropShare = 0.1, Latency = Latency("constant:1ms") });
        var rows = Rows(await Driver("epoll").RunAsync(Job(server.EndPoint, new OpenLoop("constant", 1000)) with { Measure = TimeSpan.FromSeconds(1) }, Ct));
        var broken = rows.Count(s => s.Outcome == Outcome.Disconnected);
        // The count of 1,000 with a share of 10 % strays by 9.5.
        Assert.InRange(broken, 60, 140);
        Assert.Equal(rows.Length - broken, rows.Count(s => s.Outcome == Outcome.Success));
    }

    /// <summary>Beyond what it can do a capped server keeps up its cap: by first and last answer that is found within a few per cent.</summary>
    [Fact]
    public async Task A_capped_server_keeps_up_its_cap()
    {
        using var server = NullServerHost.Start(new NullServerOptions { Rate = 100 });
        var job = Job(server.EndPoint, new OpenLoop("constant", 150)) with { Measure = TimeSpan.FromSeconds(1), IsWarm = true, StopsWithWindow = true };
        var rows = Rows(await Driver("epoll").RunAsync(job, Ct));
        Assert.Equal(150, rows.Length);
        var held = (rows.Length - 1) / ((rows.Max(s => s.Last) - rows.Min(s => s.Last)) / 1e9);
        Assert.InRange(held, 92, 104);
    }

    private static LatencyDistribution Latency(string text) => LatencyDistribution.TryParse(text, out var problem) ?? throw new ArgumentException(problem, nameof(text));
}
