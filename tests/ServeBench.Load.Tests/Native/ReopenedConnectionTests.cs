using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Native;

/// <summary>A connection that the server closed before it took a request is made again and counted; one that breaks after is a failure.</summary>
public sealed class ReopenedConnectionTests : DriverTest
{
    private static readonly ConnectionHabits FiveMilliseconds = new(TimeSpan.FromMilliseconds(5), ClosesAfter.Nothing, null);

    [Fact]
    public void One_that_was_found_closed_between_requests_is_reopened()
    {
        using var loop = new FakeSocketLoop((events, connection) => events.Ended(connection, 0, 0));
        var window = Run(loop, Job(Nowhere, new OpenLoop("constant", 200)), 10).Phases.Window!;
        Assert.All(window.Samples.Rows.ToArray(), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.Equal(new ConnectionUse(40, 40), window.Connections);
    }

    /// <summary>The end of a connection comes with the answer or a moment later: which of them it was must not change what is counted.</summary>
    [Fact]
    public void One_whose_end_was_noticed_with_the_answer_counts_the_same()
    {
        using var loop = new FakeSocketLoop { ClosesAfterAnswer = true };
        Assert.Equal(new ConnectionUse(40, 40), Run(loop, Job(Nowhere, new OpenLoop("constant", 200)), 10).Phases.Window!.Connections);
    }

    [Fact]
    public void One_that_stays_open_is_used_by_all()
    {
        using var loop = new FakeSocketLoop();
        Assert.Equal(new ConnectionUse(0, 0), Run(loop, Job(Nowhere, new ClosedLoop(2)), 2).Phases.Window!.Connections);
    }

    [Theory]
    [InlineData(0, Outcome.Success, 1)] // nothing went out: the request was not accepted
    [InlineData(7, Outcome.Disconnected, 0)] // some of it did: nobody knows what the server made of it
    public void A_send_that_fails_is_tried_again_only_where_not_a_byte_went_out(int wentOut, Outcome outcome, int reopened)
    {
        using var loop = new FakeSocketLoop { FailedSends = { [4000] = wentOut } };
        var window = Run(loop, Job(Nowhere, new ClosedLoop(1)), 10).Phases.Window!;
        Assert.Empty(loop.FailedSends);
        Assert.Equal(outcome == Outcome.Success ? 0 : 1, window.Samples.Rows.ToArray().Count(s => s.Outcome == Outcome.Disconnected));
        Assert.Equal(reopened, window.Connections.Reopened);
    }

    [Fact]
    public void A_send_that_fails_on_a_new_connection_is_a_failure()
    {
        using var loop = new FakeSocketLoop { ClosesAfterAnswer = true, FailedSends = { [4000] = 0 } };
        var window = Run(loop, Job(Nowhere, new ClosedLoop(1)), 10).Phases.Window!;
        Assert.Single(window.Samples.Rows.ToArray(), s => s.Outcome == Outcome.Disconnected);
        // The one that follows the failure replaces a connection that broke; all others one that was closed after an answer.
        Assert.Equal(window.Connections.Opened - 1, window.Connections.Reopened);
    }

    [Theory]
    [InlineData(100, true, 1)] // idle for 10 ms: the server was about to close it
    [InlineData(100, false, 0)] // its stack says nothing of that
    [InlineData(1000, true, 0)] // idle for 1 ms: it broke for another reason
    public void An_end_without_an_answer_is_a_failure_unless_the_connection_was_due_to_be_closed(int rate, bool habit, int reopened)
    {
        using var loop = new FakeSocketLoop();
        var job = Job(Nowhere, new OpenLoop("constant", rate));
        var count = Run(loop, job, 10).Phases.Window!.Samples.Count;
        using var breaking = new FakeSocketLoop { Unanswered = { loop.Requests - count / 2 } };
        var window = Run(breaking, job with { Habits = habit ? FiveMilliseconds : ConnectionHabits.Default }, 10).Phases.Window!;
        Assert.Equal(1 - reopened, window.Samples.Rows.ToArray().Count(s => s.Outcome == Outcome.Disconnected));
        Assert.Equal(reopened, window.Connections.Reopened);
        // It happened to the same request, on a connection of its own: connecting is part of what it took.
        if (reopened == 1) Assert.Contains(window.Samples.Rows.ToArray(), s => s is { Outcome: Outcome.Success } && s.Sent > s.Intended);
    }

    [Theory]
    [InlineData(ClosesAfter.Answer, null, 1.0)]
    [InlineData(ClosesAfter.Nothing, 4, 0.25)]
    [InlineData(ClosesAfter.Error, null, 1 / 3.0)] // of three requests the server answers one with an error
    [InlineData(ClosesAfter.Nothing, null, 0.0)]
    public void A_connection_that_the_server_will_close_is_not_used_again(ClosesAfter after, int? requests, double share)
    {
        using var loop = new FakeSocketLoop { Errors = n => n % 3 == 0 };
        var window = Run(loop, Job(Nowhere, new ClosedLoop(1)) with { Habits = new ConnectionHabits(null, after, requests) }, 10).Phases.Window!;
        Assert.InRange(window.Connections.Opened, Math.Floor(share * window.Samples.Count) - 1, Math.Ceiling(share * window.Samples.Count) + 1);
        Assert.Equal(0, window.Connections.Reopened);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    [Lane("slow")]
    public async Task A_server_that_closes_after_each_answer_is_measured_with_connecting(string driver)
    {
        using var server = new ScriptedServer(e =>
        {
            e.Raw("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
            e.Close();
        });
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(2)), Ct);
        Assert.NotEmpty(Rows(result));
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.InRange(result.Connections!.Opened, result.Samples.Count, result.Samples.Count + 2);
        Assert.All(Rows(result), s => Assert.True(s.Sent > s.Intended));
    }

    /// <summary>The server closes after each answer without having announced it: its end comes with the answer or a moment later.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    [Lane("slow")]
    public async Task Idle_connections_that_a_server_closes_harm_no_request(string driver)
    {
        using var server = new ScriptedServer(e =>
        {
            e.Answer();
            e.Close();
        });
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new OpenLoop("constant", 50)), Ct);
        Assert.NotEmpty(Rows(result));
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.InRange(result.Connections!.Reopened, 1, result.Samples.Count);
    }
}
