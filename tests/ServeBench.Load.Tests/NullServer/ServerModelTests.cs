using ServeBench.NullServer;
using ServeBench.NullServer.Latency;

namespace ServeBench.Load.Tests.NullServer;

/// <summary>What a null server plants beside latencies, by a clock of the test's own.</summary>
public sealed class ServerModelTests
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;

    [Fact]
    public void A_capped_server_serves_one_after_the_other()
    {
        var model = new ServerModel(new NullServerOptions { Rate = 100 });
        // Three at once wait for each other; one that comes when all are done does not.
        Assert.Equal([10, 20, 30], Enumerable.Range(0, 3).Select(_ => Delay(model, 5 * Second) / Millisecond));
        Assert.Equal(10 * Millisecond, Delay(model, 6 * Second));
    }

    [Fact]
    public void A_stall_holds_back_all_that_would_be_due_in_it()
    {
        var model = new ServerModel(new NullServerOptions { Latency = LatencyDistribution.TryParse("constant:5ms", out _)!, Stall = new Stall(10 * Second, Second) });
        Assert.Equal(5 * Millisecond, Delay(model, 0));
        Assert.Equal(5 * Millisecond, Delay(model, 9990 * Millisecond));
        // Due 3 ms into the stall: 997 ms of it are left.
        Assert.Equal(1002 * Millisecond, Delay(model, 9998 * Millisecond));
        Assert.Equal(605 * Millisecond, Delay(model, 10_395 * Millisecond));
        Assert.Equal(5 * Millisecond, Delay(model, 11_000 * Millisecond));
        Assert.True(Delay(model, 20_100 * Millisecond) > 800 * Millisecond);
    }

    [Fact]
    public void A_drift_moves_in_a_straight_line_and_stays()
    {
        var model = new ServerModel(new NullServerOptions { Drift = new Drift(5 * Millisecond, 15 * Millisecond, 10 * Second) });
        Assert.Equal([5, 10, 15, 15], new[] { 0, 5, 10, 60 }.Select(at => Delay(model, at * Second) / Millisecond));
    }

    [Fact]
    public void A_cache_answers_bodies_that_came_before()
    {
        var model = new ServerModel(new NullServerOptions { Latency = LatencyDistribution.TryParse("constant:5ms", out _)!, CacheHit = 100_000 });
        Assert.True(model.ReadsBodies);
        Assert.Equal([5 * Millisecond, 5 * Millisecond, 100_000, 100_000], new byte[] { 1, 2, 1, 2 }.Select(body => model.Next(0, null, false, [body]).Delay!.Value));
    }

    [Fact]
    public void A_dropping_server_drops_its_share()
    {
        var model = new ServerModel(new NullServerOptions { DropShare = 0.05 });
        // The count of 20,000 with a share of 5 % strays by 31.
        Assert.InRange(Enumerable.Range(0, 20_000).Count(_ => model.Next(0, null, false, null).Dropped), 880, 1120);
    }

    [Fact]
    public void A_server_that_accepts_late_delays_the_first_request_of_a_connection()
    {
        var model = new ServerModel(new NullServerOptions { AcceptDelay = 50 * Millisecond });
        Assert.Equal((50 * Millisecond, false), model.Next(0, null, true, null));
        Assert.Equal(((long?)null, false), model.Next(0, null, false, null));
    }

    private static long Delay(ServerModel model, long now) => model.Next(now, null, false, null).Delay!.Value;
}
