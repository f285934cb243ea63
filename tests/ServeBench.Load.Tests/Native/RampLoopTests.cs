using System.Net;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Schedules;
using ServeBench.Load.Tests.Servers;
using ServeBench.NullServer;
using ServeBench.NullServer.Latency;

namespace ServeBench.Load.Tests.Native;

/// <summary>Loads that change, against servers that know what they did.</summary>
[Lane("slow")]
public sealed class RampLoopTests : DriverTest
{
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task An_open_ramp_sends_what_is_due_and_nothing_else(string driver)
    {
        using var server = new ScriptedServer(e => e.Answer());
        var ramp = Of(0, (200, 300), (100, 300), (200, 0));
        var rows = Rows(await Driver(driver).RunAsync(Job(server.EndPoint, new OpenRamp(ramp)), Ct)).OrderBy(s => s.Intended).ToArray();
        var schedule = new RampArrivals(ramp);
        Assert.Equal(89, rows.Length); // 30, 30 and 30, of which the last is due when the window is over
        Assert.Equal(Enumerable.Range(0, 89).Select(i => schedule.At(i)), rows.Select(s => s.Intended));
        Assert.All(rows, s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.All(rows, s => Assert.InRange(s.Sent, s.Intended, s.First));
    }

    /// <summary>The server sees as many at once as the ramp asks, no more; and fewer again when it has come down.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_closed_ramp_follows_its_concurrency(string driver)
    {
        using var server = NullServerHost.Start(new NullServerOptions { Body = NullAnswers.Vectors(8), Latency = LatencyDistribution.TryParse("constant:10ms", out _)! });
        var ramp = Of(2, (400, 10), (400, 10), (400, 2), (400, 2));
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedRamp(ramp)), Ct);
        var rows = Rows(result);
        Assert.Equal(1.6, result.WindowSeconds, 6);
        Assert.All(rows, s => Assert.Equal(Outcome.Success, s.Outcome));
        int InFlight(double at) => rows.Count(s => s.Intended <= at * Millisecond && s.Last > at * Millisecond);
        // Between two steps, clear of those that are still to end after a fall.
        Assert.Equal(10, InFlight(600));
        Assert.Equal(2, InFlight(1500));
        Assert.Equal(10, Enumerable.Range(0, 150).Max(i => InFlight(i * 10)));
        foreach (var at in new[] { 75.0, 175, 275, 375 }) Assert.Equal(2 + (int)(at / 50), InFlight(at));
        // What the server planted: ten in flight at 10 ms each are 1000/s at most, two are 200/s.
        Assert.InRange(rows.Count(s => s.Intended is >= 400 * Millisecond and < 800 * Millisecond), 100, 400);
        Assert.InRange(rows.Count(s => s.Intended is >= 1200 * Millisecond), 20, 82);
        Assert.All(rows, s => Assert.InRange(s.Service, 10 * Millisecond, long.MaxValue));
    }

    [Fact]
    public async Task A_server_that_slows_down_under_load_shows_it_in_the_stage_in_which_it_does()
    {
        // One answer at a time, 4 ms each: 250/s at most, so the ramp to 500/s builds a queue and the rest of it works it off.
        using var one = new SemaphoreSlim(1);
        using var server = new ScriptedServer(e =>
        {
            one.Wait();
            Thread.Sleep(4);
            one.Release();
            e.Answer();
        });
        var rows = Rows(await Driver("epoll").RunAsync(Job(server.EndPoint, new OpenRamp(Of(20, (500, 20), (500, 500), (300, 500)))), Ct));
        double Median(long from, long to) => rows.Where(s => s.Intended >= from * Millisecond && s.Intended < to * Millisecond).Select(s => s.EndToEnd).Order().ToArray() is var l ? l[l.Length / 2] / 1e6 : 0;
        Assert.InRange(Median(0, 500) * 4, 0, Median(1000, 1300));
    }

    [Fact]
    public async Task A_ramp_that_cannot_be_is_refused()
    {
        var nowhere = new IPEndPoint(IPAddress.Loopback, 1);
        foreach (var shape in new LoadShape[] { new ClosedRamp(Of(0, (1000, 4))), new OpenRamp(Of(0, (1000, 0))) })
            await Assert.ThrowsAsync<ArgumentException>(() => Driver("portable").RunAsync(Job(nowhere, shape), Ct));
        // A window that is not as long as the stages would cut them or add to them.
        var job = Job(nowhere, new ClosedRamp(Of(1, (1000, 4)))) with { Measure = TimeSpan.FromSeconds(2) };
        await Assert.ThrowsAsync<ArgumentException>(() => Driver("portable").RunAsync(job, Ct));
    }

    private static LoadJob Job(IPEndPoint target, LoadShape shape) => Job(target, shape, payloads: 10) with { Measure = shape.Course!.Duration };

    private static Ramp Of(double start, params (int Milliseconds, double Target)[] stages) => new(start, [.. stages.Select(s => new RampStage(TimeSpan.FromMilliseconds(s.Milliseconds), s.Target))]);
}
