using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Targets;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Native;

/// <summary>Servers that may be sent so many requests per second and no more.</summary>
[Lane("slow")]
public sealed class PaceTests : DriverTest
{
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_closed_loop_keeps_below_the_bound(string driver)
    {
        using var server = new ScriptedServer(e => e.Answer("{}"));
        var result = await Driver(driver).RunAsync(
            Job(server.EndPoint, new ClosedLoop(4)) with
            {
                Target = new ServerTarget(server.EndPoint) { MostPerSecond = 50 },
                Measure = TimeSpan.FromSeconds(1),
            },
            Ct);
        // 50 in a second, and one at each end; without the bound there would be thousands.
        Assert.InRange(result.Samples.Count, 40, 52);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        var sent = Rows(result).Select(s => s.Intended).Order().ToArray();
        // Nor in any half of it: who is late for a turn does not move the next ones.
        Assert.All(sent.Zip(sent.Skip(25)), pair => Assert.InRange(pair.Second - pair.First, 400 * Millisecond, long.MaxValue));
    }

    /// <summary>What waits for its turn is no free connection: the server's end of it must not spoil the list of those.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Connections_that_are_closed_while_they_wait_are_made_again(string driver)
    {
        using var server = new ScriptedServer(e =>
        {
            e.Answer("{}");
            e.Close();
        });
        var result = await Driver(driver).RunAsync(
            Job(server.EndPoint, new ClosedLoop(4)) with
            {
                Target = new ServerTarget(server.EndPoint) { MostPerSecond = 100 },
                Measure = TimeSpan.FromMilliseconds(500),
            },
            Ct);
        Assert.InRange(result.Samples.Count, 40, 52);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
    }
}
