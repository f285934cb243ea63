using System.Collections.Concurrent;
using System.Diagnostics;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Native;

[Lane("slow")]
public sealed class WindowListenerTests : DriverTest
{
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Hears_the_start_and_the_end_while_the_load_goes_on(string driver)
    {
        using var server = new ScriptedServer(e => e.Answer());
        var calls = new ConcurrentQueue<(string What, long At, int Requests)>();
        var job = Job(server.EndPoint, new ClosedLoop(2)) with
        {
            Window = new Listener(
                () => calls.Enqueue(("starting", Stopwatch.GetTimestamp(), server.Requests)),
                () => calls.Enqueue(("ended", Stopwatch.GetTimestamp(), server.Requests))),
        };
        var result = await Driver(driver).RunAsync(job, Ct);
        var heard = calls.ToArray();
        Assert.Equal(["starting", "ended"], heard.Select(c => c.What));
        Assert.InRange(Stopwatch.GetElapsedTime(heard[0].At, heard[1].At), TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(5));
        Assert.InRange(heard[0].Requests, 1, heard[1].Requests - 1);
        Assert.NotEmpty(Rows(result));
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_slow_listener_does_not_stall_the_load(string driver)
    {
        using var server = new ScriptedServer(e => e.Answer());
        using var ended = new ManualResetEventSlim();
        var requests = 0;
        var job = Job(server.EndPoint, new OpenLoop("constant", 500)) with
        {
            // Does not return before the load has sent what would take it 100 ms.
            Window = new Listener(() =>
            {
                requests = server.Requests;
                Until(() => server.Requests > requests + 50, "the load goes on meanwhile");
            }),
        };
        var result = await Driver(driver).RunAsync(job, Ct);
        Assert.Equal(100, result.Samples.Count);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task What_a_listener_throws_ends_the_run(string driver)
    {
        using var server = new ScriptedServer(e => e.Answer());
        var job = Job(server.EndPoint, new ClosedLoop(2)) with
        {
            Measure = TimeSpan.FromMinutes(5),
            Window = new Listener(() => throw new InvalidOperationException("no telemetry")),
        };
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Driver(driver).RunAsync(job, Ct));
        Assert.Equal("no telemetry", e.Message);
        Until(() => server.OpenConnections == 0, "every connection is closed");
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Progress_tells_each_phase(string driver)
    {
        using var server = new ScriptedServer(e =>
        {
            Thread.Sleep(1);
            e.Answer(status: e.Number % 2 == 0 ? 200 : 500);
        });
        var heard = new ConcurrentQueue<LoadProgress>();
        var job = Job(server.EndPoint, new OpenLoop("constant", 200)) with
        {
            WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(400), 2),
            Measure = TimeSpan.FromMilliseconds(600),
            Progress = heard.Enqueue,
        };
        await Driver(driver).RunAsync(job, Ct);
        var phases = heard.Select(p => p.Phase).ToArray();
        Assert.Equal([LoadPhase.WarmUp, LoadPhase.RunIn, LoadPhase.Window], phases.Distinct().Where(p => p != LoadPhase.Tail));
        Assert.All(heard, p => Assert.True(p.RequestsPerSecond >= 0 && p.Failures >= 0 && p.Elapsed >= TimeSpan.Zero && p.Expected > TimeSpan.Zero));
        Assert.True(heard.Last().Failures > 0 && heard.Sum(p => p.RequestsPerSecond) > 0);
        Assert.Equal(heard.Select(p => p.Failures).Order(), heard.Select(p => p.Failures));
    }
}
