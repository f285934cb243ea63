using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Native;

public sealed class WarmUpTests : DriverTest
{
    private static readonly WarmUpSettings Patient = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(20), Concurrency: 2);

    [Fact]
    public void Waits_until_a_server_that_is_slow_at_first_has_settled()
    {
        long? start = null;
        // Faster and faster for 280 ms, no two windows alike, then steady.
        using var loop = new FakeSocketLoop { Latency = (_, now) => TimeSpan.FromMilliseconds(Math.Max(2, 30 - (now - (start ??= now)) / Millisecond / 10)) };
        var phases = Run(loop, Job(Nowhere, new ClosedLoop(2)) with { WarmUp = Patient }).Phases;
        var warmUp = phases.WarmUp;
        Assert.True(warmUp.Settled);
        Assert.InRange(warmUp.Seconds, 0.28, 2);
        Assert.InRange(warmUp.Windows.Count, 8, 40);
        Assert.True(warmUp.Windows[^1].RequestsPerSecond > 3 * warmUp.Windows[0].RequestsPerSecond);
        Assert.InRange(warmUp.Windows.First(w => w.P50Seconds is not null).P50Seconds!.Value, 0.015, 0.5);
        // Nothing of the slow time is in the window, which began when the server had long been quick.
        Assert.All(phases.Window!.Samples.Rows.ToArray(), s => Assert.InRange(s.EndToEnd, 2 * Millisecond, 3 * Millisecond));
    }

    [Fact]
    public void Gives_up_on_a_server_that_never_settles_and_says_so()
    {
        long? start = null;
        // Slower and slower.
        using var loop = new FakeSocketLoop { Latency = (_, now) => TimeSpan.FromMilliseconds(1 + (now - (start ??= now)) / Millisecond / 20) };
        var settings = new WarmUpSettings(TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(600), Concurrency: 2);
        var phases = Run(loop, Job(Nowhere, new ClosedLoop(2)) with { WarmUp = settings }).Phases;
        Assert.False(phases.WarmUp.Settled);
        Assert.InRange(phases.WarmUp.Seconds, 0.6, 0.7);
        Assert.InRange(phases.WarmUp.Windows.Count, 6, 8);
        Assert.NotEqual(0, phases.Window!.Samples.Count);
    }

    /// <summary>The closed loop of the warm-up leaves a queue in the server; no sample may wait in it.</summary>
    [Fact]
    public void An_open_loop_measures_only_when_the_queue_of_its_warm_up_is_gone()
    {
        // The warm-up's eight take 300 ms each; the schedule's requests, which come later, take 1 ms.
        using var loop = new FakeSocketLoop { Latency = (number, _) => TimeSpan.FromMilliseconds(number < 8 ? 300 : 1) };
        var job = Job(Nowhere, new OpenLoop("constant", 100)) with
        {
            WarmUp = new WarmUpSettings(TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(60), Concurrency: 8),
        };
        var phases = Run(loop, job).Phases;
        Assert.InRange(phases.WarmUp.Seconds, 0.3, 0.4);
        Assert.Equal(20, phases.Window!.Samples.Count);
        Assert.All(phases.Window.Samples.Rows.ToArray(), s => Assert.Equal((Outcome.Success, true), (s.Outcome, s.EndToEnd < 2 * Millisecond)));
        Assert.Equal(8, loop.MostInFlight);
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
