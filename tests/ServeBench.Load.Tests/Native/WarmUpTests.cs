using System.Diagnostics;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Native;

[Lane("slow")]
public sealed class WarmUpTests : DriverTest
{
    private static readonly WarmUpSettings Patient = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(20), Concurrency: 2);

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Waits_until_a_server_that_is_slow_at_first_has_settled(string driver)
    {
        var start = Stopwatch.StartNew();
        using var server = new ScriptedServer(e =>
        {
            // Faster and faster for 280 ms, no two windows alike, then steady.
            Thread.Sleep((int)Math.Max(2, 30 - start.ElapsedMilliseconds / 10));
            e.Answer();
        });
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(2)) with { WarmUp = Patient }, Ct);
        var warmUp = result.WarmUp;
        Assert.True(warmUp.Settled);
        Assert.InRange(warmUp.Seconds, 0.28, 19.99);
        Assert.InRange(warmUp.Windows.Count, 8, 399);
        Assert.True(warmUp.Windows[^1].RequestsPerSecond > 3 * warmUp.Windows[0].RequestsPerSecond);
        Assert.InRange(warmUp.Windows.First(w => w.P50Seconds is not null).P50Seconds!.Value, 0.015, 0.5);
        // Nothing of the slow time is in the window, which began when the server had long been quick.
        Assert.InRange(Rows(result).Select(s => s.EndToEnd).Order().ElementAt(result.Samples.Count / 2), 0, 15 * Millisecond);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Gives_up_on_a_server_that_never_settles_and_says_so(string driver)
    {
        var start = Stopwatch.StartNew();
        using var server = new ScriptedServer(e =>
        {
            // Slower and slower.
            Thread.Sleep((int)(1 + start.ElapsedMilliseconds / 20));
            e.Answer();
        });
        var settings = new WarmUpSettings(TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(600), Concurrency: 2);
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(2)) with { WarmUp = settings }, Ct);
        Assert.False(result.WarmUp.Settled);
        Assert.InRange(result.WarmUp.Seconds, 0.6, 5);
        Assert.InRange(result.WarmUp.Windows.Count, 2, 8);
        Assert.NotEmpty(Rows(result));
    }

    /// <summary>The closed loop of the warm-up leaves a queue in the server; no sample may wait in it.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task An_open_loop_measures_only_when_the_queue_of_its_warm_up_is_gone(string driver)
    {
        using var server = new ScriptedServer(e =>
        {
            // The warm-up's eight take 300 ms each; the schedule's requests, which come later, take 1 ms.
            Thread.Sleep(e.Number < 8 ? 300 : 1);
            e.Answer();
        });
        var job = Job(server.EndPoint, new OpenLoop("constant", 100)) with
        {
            WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(60), Concurrency: 8),
        };
        var result = await Driver(driver).RunAsync(job, Ct);
        Assert.InRange(result.WarmUp.Seconds, 0.3, 10);
        Assert.Equal(20, result.Samples.Count);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.InRange(server.MostInFlight, 8, int.MaxValue);
    }

    [Fact]
    public async Task A_job_that_cannot_be_run_is_refused()
    {
        using var server = new ScriptedServer(e => e.Answer());
        var job = Job(server.EndPoint, new ClosedLoop(1));
        LoadJob[] wrong =
        [
            job with { Measure = TimeSpan.Zero },
            job with { Deadline = TimeSpan.Zero },
            job with { WarmUp = new WarmUpSettings(TimeSpan.Zero, TimeSpan.Zero, 1) },
            job with { Shape = new ClosedLoop(0) },
            job with { Shape = new OpenLoop("poisson", 0) },
            job with { Shape = new OpenLoop("poisson", double.NaN) },
            job with { Shape = new OpenLoop("poisson", 1), MaximumConnections = 1 },
        ];
        foreach (var one in wrong) await Assert.ThrowsAsync<ArgumentException>(() => Driver("portable").RunAsync(one, Ct));
        Assert.Equal(0, server.Accepted);
    }
}
