using System.Net;
using System.Net.Sockets;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Native;

[Lane("slow")]
public sealed class OutcomeTests : DriverTest
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", Outcome.Success, 200, 2)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", Outcome.Success, 200, 2)]
    [InlineData("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", Outcome.WrongAnswer, 201, 2)]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", Outcome.WrongAnswer, 301, 0)]
    [InlineData("HTTP/1.1 429 Too Many\r\nContent-Length: 3\r\n\r\nno!", Outcome.Rejected, 429, 3)]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", Outcome.ClientError, 404, 0)]
    [InlineData("HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n", Outcome.ServerTimeout, 408, 0)]
    [InlineData("HTTP/1.1 504 Late\r\nContent-Length: 0\r\n\r\n", Outcome.ServerTimeout, 504, 0)]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", Outcome.ServerError, 503, 0)]
    [InlineData("garbage\r\n", Outcome.WrongAnswer, 0, 0)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}and more", Outcome.WrongAnswer, 200, 2)]
    public async Task Each_answer_has_its_outcome(string answer, Outcome outcome, int status, int bytes)
    {
        foreach (var driver in Drivers.Select(row => row.Data))
        {
            using var server = new ScriptedServer(e => e.Raw(answer));
            var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(2)), Ct);
            Assert.NotEmpty(Rows(result));
            Assert.All(Rows(result), s => Assert.Equal((outcome, status, bytes), (s.Outcome, s.Status, s.ResponseBytes)));
            Assert.Empty(result.Answers);
            Assert.Null(result.Disturbance);
        }
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_body_that_lasts_until_the_connection_closes_is_a_good_answer(string driver)
    {
        using var server = new ScriptedServer(e =>
        {
            e.Raw("HTTP/1.1 200 OK\r\n\r\nthe whole rest");
            e.Close();
        });
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(2)), Ct);
        Assert.NotEmpty(Rows(result));
        Assert.All(Rows(result), s => Assert.Equal((Outcome.Success, 14), (s.Outcome, s.ResponseBytes)));
    }

    [Theory]
    [InlineData("epoll", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 200, 4, false)]
    [InlineData("epoll", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", 200, 4, false)]
    [InlineData("epoll", "HTTP/1.1 2", 0, 0, false)]
    [InlineData("epoll", "", 0, 0, false)]
    [InlineData("epoll", "", 0, 0, true)]
    [InlineData("portable", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 200, 4, false)]
    [InlineData("portable", "", 0, 0, true)]
    public async Task A_connection_that_breaks_in_an_exchange_is_one_failure_and_is_replaced(string driver, string half, int status, int bytes, bool reset)
    {
        using var server = new ScriptedServer(e =>
        {
            if (e.Number % 2 == 0)
            {
                e.Answer();
                return;
            }
            if (half.Length > 0) e.Raw(half);
            if (reset) e.Reset();
            else e.Close();
        });
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(1)), Ct);
        var broken = Rows(result).Where(s => s.Outcome != Outcome.Success).ToArray();
        Assert.InRange(broken.Length, 3, result.Samples.Count - 3);
        Assert.All(broken, s => Assert.Equal((Outcome.Disconnected, status, bytes), (s.Outcome, s.Status, s.ResponseBytes)));
        Assert.All(broken, s => Assert.True(half.Length > 0 ? s.First < s.Last : s.First == s.Last));
        Assert.Null(result.Disturbance);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_request_without_an_answer_by_its_deadline_has_failed_and_its_connection_is_replaced(string driver)
    {
        using var over = new ManualResetEventSlim();
        using var server = new ScriptedServer(e =>
        {
            if (e.Number % 10 == 9) over.Wait(TimeSpan.FromSeconds(20));
            e.Answer();
        });
        var job = Job(server.EndPoint, new ClosedLoop(2)) with { Deadline = TimeSpan.FromMilliseconds(50) };
        var result = await Driver(driver).RunAsync(job, Ct);
        over.Set();
        var late = Rows(result).Where(s => s.Outcome == Outcome.Timeout).ToArray();
        Assert.InRange(late.Length, 2, result.Samples.Count - 10);
        Assert.All(late, s =>
        {
            Assert.InRange(s.EndToEnd, 50 * Millisecond, long.MaxValue);
            Assert.Equal((s.Last, 0), (s.First, s.Status));
        });
        Assert.InRange(server.Accepted, 3, int.MaxValue);
        Assert.All(Rows(result).Where(s => s.Outcome != Outcome.Timeout), s => Assert.Equal(Outcome.Success, s.Outcome));
    }

    /// <summary>The deadline counts from the intended send, so an arrival that waits for its connection has less left.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task An_open_loop_has_deadlines_too(string driver)
    {
        using var over = new ManualResetEventSlim();
        using var server = new ScriptedServer(e =>
        {
            if (e.Number > 30) over.Wait(TimeSpan.FromSeconds(20));
            e.Answer();
        });
        var job = Job(server.EndPoint, new OpenLoop("constant", 200)) with { Deadline = TimeSpan.FromMilliseconds(30) };
        var result = await Driver(driver).RunAsync(job, Ct);
        over.Set();
        Assert.Equal(40, result.Samples.Count);
        Assert.Contains(Rows(result), s => s.Outcome == Outcome.Timeout);
        Assert.All(Rows(result).Where(s => s.Outcome == Outcome.Timeout), s => Assert.InRange(s.EndToEnd, 30 * Millisecond, long.MaxValue));
        Assert.Null(result.Disturbance);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_port_that_nobody_listens_on_refuses_and_is_not_hammered(string driver)
    {
        var result = await Driver(driver).RunAsync(Job(UnusedEndPoint(), new ClosedLoop(4)), Ct);
        var rows = Rows(result);
        Assert.NotEmpty(rows);
        Assert.All(rows, s =>
        {
            Assert.Equal((Outcome.Refused, 0), (s.Outcome, s.Status));
            Assert.Equal((s.Last, s.Last), (s.Sent, s.First));
        });
        // Four slots that have backed off during warm-up try again a few times in 200 ms, not thousands of times.
        Assert.InRange(rows.Length, 1, 40);
        Assert.StartsWith($"the server answered nothing in the window ({rows.Length} connections refused, 0 broken; last error: ", result.Disturbance, StringComparison.Ordinal);
        Assert.False(result.WarmUp.Settled);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task An_open_loop_is_refused_as_often_as_it_arrives(string driver)
    {
        var result = await Driver(driver).RunAsync(Job(UnusedEndPoint(), new OpenLoop("constant", 100)), Ct);
        Assert.Equal(20, result.Samples.Count);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Refused, s.Outcome));
    }

    private static IPEndPoint UnusedEndPoint()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>A good status with nothing behind it is no success, and does not count as throughput.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task An_answer_that_is_too_short_to_be_right_is_wrong(string driver)
    {
        using var server = new ScriptedServer(e => e.Answer(e.Number % 2 == 0 ? "{}" : new string('x', 30)));
        var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(1)) with { LeastBytesPerItem = 10 }, Ct);
        var rows = Rows(result);
        Assert.Contains(rows, s => s.Outcome == Outcome.Success);
        Assert.Contains(rows, s => s.Outcome == Outcome.WrongAnswer);
        Assert.All(rows, s => Assert.Equal(s.ResponseBytes >= 10 * s.Items ? Outcome.Success : Outcome.WrongAnswer, s.Outcome));
    }
}
