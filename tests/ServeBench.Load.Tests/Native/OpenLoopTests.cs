using System.Threading.Channels;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Native;
using ServeBench.Load.Patterns;
using ServeBench.Load.Tests.Servers;
using ServeBench.Platform;

namespace ServeBench.Load.Tests.Native;

[Lane("slow")]
public sealed class OpenLoopTests : DriverTest
{
    [Theory]
    [InlineData("epoll", "poisson")]
    [InlineData("epoll", "constant")]
    [InlineData("portable", "poisson")]
    public async Task Requests_are_intended_for_the_schedules_times_and_no_others(string driver, string arrivals)
    {
        using var server = new ScriptedServer(e => e.Answer());
        var job = Job(server.EndPoint, new OpenLoop(arrivals, 400));
        var result = await Driver(driver).RunAsync(job, Ct);
        var schedule = LoadPattern.Of(job.Shape).OfWindow(job.Measure, job.ArrivalSeed)!;
        var expected = new List<long>();
        for (var at = schedule.Next(); at < 200 * Millisecond; at = schedule.Next()) expected.Add(at);
        var rows = Rows(result).OrderBy(s => s.Intended).ToArray();
        Assert.Equal(expected, rows.Select(s => s.Intended));
        var order = new PayloadFeed(job);
        Assert.Equal(expected.Select(_ => order.Next(LoadPhase.Window)), rows.Select(s => s.Payload));
        Assert.All(rows, s =>
        {
            Assert.Equal(Outcome.Success, s.Outcome);
            Assert.InRange(s.Sent, s.Intended, s.First);
        });
    }

    /// <summary>A probe of a search: no warm-up, nothing that arrives after the window, and the server idle at the end.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_load_on_a_warm_server_that_stops_with_its_window_leaves_nothing_behind(string driver)
    {
        using var server = new ScriptedServer(e =>
        {
            Thread.Sleep(60);
            e.Answer();
        });
        var job = Job(server.EndPoint, new OpenLoop("constant", 200)) with { IsWarm = true, StopsWithWindow = true };
        var result = await Driver(driver).RunAsync(job, Ct);
        Assert.Equal(40, result.Samples.Count);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.Empty(result.WarmUp.Windows);
        // The run-in of 20 ms at 200 a second, and what may have been due while the window was about to open.
        Assert.InRange(result.WarmUpRequests!.Value, 4, 20);
        Assert.Equal(40 + result.WarmUpRequests.Value, server.Requests);
    }

    /// <summary>A driver that is late still sends what was due, says how late it was, and counts latency from when it was due.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    public void A_driver_that_is_kept_from_its_work_owes_every_arrival(int connections)
    {
        using var loop = new FakeSocketLoop { Stall = () => TimeSpan.FromMilliseconds(70) };
        var job = Job(Nowhere, new OpenLoop("constant", 200)) with
        {
            WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60), Concurrency: 1),
        };
        var rows = Run(loop, job, connections).Phases.Window!.Samples.Rows.ToArray();
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i * 5 * Millisecond), rows.Select(s => s.Intended).Order());
        Assert.All(rows, s => Assert.Equal(s.EndToEnd, s.Lag + s.Service));
        // One that is due when a stall begins waits for its end; the next one also for the connection that it needs, where it may have one.
        Assert.Equal((connections == 1 ? 70 : 65 + 70) * Millisecond, rows.Max(s => s.Lag));
        Assert.Equal(connections == 1, rows.Any(s => s.Outcome == Outcome.Dropped));
    }

    /// <summary>The hardest moment to be late: nothing is in flight, the window has ended meanwhile, and arrivals are still owed.</summary>
    [Fact]
    public void A_stall_over_the_end_of_the_window_loses_nothing()
    {
        LoadEngine? engine = null;
        FakeSocketLoop? loop = null;
        loop = new FakeSocketLoop
        {
            Stall = () => engine!.Phases is { Phase: LoadPhase.Window, Window: { } window } && loop!.Clock.Now > window.Start + 150 * Millisecond
                ? TimeSpan.FromMilliseconds(80)
                : TimeSpan.Zero,
        };
        var job = Job(Nowhere, new OpenLoop("constant", 200));
        engine = new LoadEngine(job, loop, 100, Channel.CreateUnbounded<LoadNotice>().Writer);
        engine.Run(Ct);
        var rows = engine.Phases.Window!.Samples.Rows.ToArray();
        Assert.Equal(40, rows.Length);
        Assert.All(rows, s => Assert.Equal(Outcome.Success, s.Outcome));
    }

    /// <summary>Coordinated omission: while the server stands still, arrivals go on, and each waits for what is left of the stall.</summary>
    [Fact]
    public void A_server_that_stalls_once_shows_in_the_latency_of_all_that_arrived_meanwhile()
    {
        const int rate = 200;
        LoadEngine? engine = null;
        // From 200 to 700 ms of the window it stands still, and then answers all that has come at once.
        using var loop = new FakeSocketLoop
        {
            Latency = (_, now) => engine!.Phases.Window is { } window && now - window.Start is >= 200 * Millisecond and < 700 * Millisecond and var at
                ? MonotonicClock.Duration(700 * Millisecond - at)
                : TimeSpan.Zero,
        };
        engine = new LoadEngine(Job(Nowhere, new OpenLoop("constant", rate)) with { Measure = TimeSpan.FromSeconds(1) }, loop, 1000, Channel.CreateUnbounded<LoadNotice>().Writer);
        engine.Run(Ct);
        var latencies = engine.Phases.Window!.Samples.Rows.ToArray().Select(s => s.EndToEnd).Order().ToArray();
        Assert.Equal(rate, latencies.Length);
        // 100 requests arrive in the stall; 80 of them wait for more than 100 ms, 40 for more than 300 ms.
        Assert.Equal((80, 40), (latencies.Count(l => l > 100 * Millisecond), latencies.Count(l => l > 300 * Millisecond)));
        Assert.InRange(latencies[^1], 500 * Millisecond, 501 * Millisecond);
    }

    [Fact]
    public void An_arrival_that_finds_no_connection_is_dropped()
    {
        using var loop = new FakeSocketLoop { Latency = (_, _) => TimeSpan.FromMilliseconds(60) };
        var rows = Run(loop, Job(Nowhere, new OpenLoop("constant", 500)), 3).Phases.Window!.Samples.Rows.ToArray();
        Assert.Equal(100, rows.Length);
        var dropped = rows.Where(s => s.Outcome == Outcome.Dropped).ToArray();
        Assert.InRange(dropped.Length, 85, 91);
        Assert.All(dropped, s =>
        {
            Assert.Equal((s.Last, s.Last, 0, 0), (s.Sent, s.First, s.Status, s.ResponseBytes));
            Assert.InRange(s.Last - s.Intended, 0, 1000);
        });
        Assert.Equal(3, loop.MostInFlight);
        Assert.Equal(3, loop.Connects);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Connections_are_made_as_they_are_needed_and_used_again(string driver)
    {
        using var server = new ScriptedServer(e =>
        {
            Thread.Sleep(40);
            e.Answer();
        });
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new OpenLoop("constant", 250)), Ct);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        // 250 a second for 40 ms each is ten at a time; hardly more connections are ever needed unless the machine stalls.
        Assert.InRange(server.MostInFlight, 5, 50);
        Assert.InRange(server.Accepted, server.MostInFlight, server.Requests / 2);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Latency_includes_the_making_of_a_connection(string driver)
    {
        using var server = new ScriptedServer(e => e.Answer(fields: "Connection: close\r\n"));
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new OpenLoop("constant", 100)), Ct);
        Assert.All(Rows(result), s =>
        {
            Assert.Equal(Outcome.Success, s.Outcome);
            Assert.InRange(s.Lag, 1, long.MaxValue);
            Assert.Equal(s.EndToEnd, s.Lag + s.Service);
        });
        Assert.InRange(server.Accepted, result.Samples.Count, int.MaxValue);
    }
}
