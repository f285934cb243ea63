using System.Diagnostics;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Wording;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Native;

[Lane("slow")]
public sealed class ServerDeathTests : DriverTest
{
    [Theory]
    [InlineData("epoll", true)]
    [InlineData("epoll", false)]
    [InlineData("portable", true)]
    public async Task A_server_that_dies_in_the_window_is_told_as_such_and_left_in_peace(string driver, bool closed)
    {
        using var server = new ScriptedServer(e => e.Answer());
        var job = Job(server.EndPoint, closed ? new ClosedLoop(4) : new OpenLoop("constant", 200)) with
        {
            Measure = TimeSpan.FromMilliseconds(600),
            Window = new Listener(() =>
            {
                var seen = server.Requests;
                Until(() => server.Requests > seen + 10, "the window is well under way");
                server.Dispose();
            }),
        };
        var result = await Driver(driver).RunAsync(job, Ct);
        Assert.StartsWith("the server stopped answering 0.", result.Disturbance, StringComparison.Ordinal);
        var rows = Rows(result);
        Assert.Contains(rows, s => s.Outcome == Outcome.Success);
        var refused = rows.Count(s => s.Outcome == Outcome.Refused);
        Assert.InRange(refused, 4, closed ? 80 : 120);
        Assert.Contains($"({Plural.Of(refused, "connection")} refused, ", result.Disturbance, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Cancelling_ends_promptly_and_leaves_no_connection(string driver)
    {
        using var stop = new CancellationTokenSource();
        using var server = new ScriptedServer(e =>
        {
            Thread.Sleep(5);
            e.Answer();
        });
        var job = Job(server.EndPoint, new ClosedLoop(8)) with { Measure = TimeSpan.FromMinutes(5), Window = new Listener(stop.Cancel) };
        var watch = Stopwatch.StartNew();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Driver(driver).RunAsync(job, stop.Token));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
        Assert.True(e.CancellationToken.IsCancellationRequested);
        Until(() => server.OpenConnections == 0, "every connection is closed");
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Cancelling_does_not_wait_for_a_server_that_is_silent(string driver)
    {
        using var stop = new CancellationTokenSource();
        using var over = new ManualResetEventSlim();
        using var server = new ScriptedServer(_ => over.Wait(TimeSpan.FromSeconds(20)));
        var job = Job(server.EndPoint, new ClosedLoop(2)) with { WarmUp = new WarmUpSettings(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), 1) };
        var run = Driver(driver).RunAsync(job, stop.Token);
        Until(() => server.Requests == 2, "the load is under way");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(10), Ct));
        over.Set();
    }

    [Fact]
    public async Task A_run_that_was_cancelled_beforehand_does_not_start()
    {
        using var server = new ScriptedServer(e => e.Answer());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Driver("epoll").RunAsync(Job(server.EndPoint, new ClosedLoop(2)), new CancellationToken(true)));
        Until(() => server.OpenConnections == 0, "every connection is closed");
    }
}
