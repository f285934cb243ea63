using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Native;

namespace ServeBench.Load.Tests.Native;

public sealed class IdleConnectionTests : DriverTest
{
    /// <summary>Servers close connections that idle; the next arrival must go out on another one.</summary>
    [Fact]
    public void One_that_the_server_closes_harms_no_request() => Run((events, connection) => events.Ended(connection, 0, 0));

    [Fact]
    public void One_that_breaks_harms_no_request() => Run((events, connection) => events.Ended(connection, 104, 0));

    [Fact]
    public void One_on_which_bytes_come_that_nobody_asked_for_is_closed() =>
        Run((events, connection) => events.Received(connection, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsmuggled!"u8, 0));

    /// <summary>The answer and the end of the connection have come together: nothing more may be sent on it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_that_is_known_to_be_closed_is_not_used_again(bool closed)
    {
        using var loop = new FakeSocketLoop { ClosesAfterAnswer = true };
        var job = Job(Nowhere, closed ? new ClosedLoop(2) : new OpenLoop("constant", 200));
        var engine = Run(loop, job, 2);
        Assert.All(engine.Phases.Window!.Samples.Rows.ToArray(), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.InRange(loop.Connects, engine.Phases.Window.Samples.Count, int.MaxValue);
    }

    private static void Run(Action<ISocketEvents, int> whenIdle)
    {
        using var loop = new FakeSocketLoop(whenIdle);
        var engine = Run(loop, Job(Nowhere, new OpenLoop("constant", 200)), 10);
        var samples = engine.Phases.Window!.Samples.Rows.ToArray();
        Assert.Equal(40, samples.Length);
        Assert.All(samples, s => Assert.Equal((Outcome.Success, 2), (s.Outcome, s.ResponseBytes)));
        // Each idle connection was lost, so each arrival needed a new one, and none was left open.
        Assert.InRange(loop.Idled, 40, int.MaxValue);
        Assert.InRange(loop.Connects, loop.Idled, loop.Idled + 2);
        Assert.InRange(loop.Open, 0, 1);
    }
}
