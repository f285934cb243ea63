using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tests.Http2;
using ServeBench.Load.Tests.Servers;
using ServeBench.Load.Tests.Wire;

namespace ServeBench.Load.Tests.Native;

/// <summary>Connections of gRPC that a server ends, fills or leaves unread.</summary>
[Lane("slow")]
public sealed class GrpcConnectionTests : DriverTest
{
    /// <summary>A server that says goodbye between two calls has taken none: the next goes out on a new connection and is no failure.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_connection_that_the_server_gives_up_is_made_again(string driver)
    {
        using var server = new FrameServer((connection, request, stream) => request switch
        {
            // With the third answer, or instead of the fourth.
            < 2 => GrpcLoadTests.Good(stream),
            2 when connection % 2 == 0 => [.. GrpcLoadTests.Good(stream), .. Frames.Of(Frames.GoAway, 0, 0, [.. Frames.Number(stream), .. Frames.Number(0)])],
            2 => GrpcLoadTests.Good(stream),
            // What came of an answer is none, and must not be taken for a part of the next.
            3 => [.. Frames.On(stream, Frames.Head), .. Frames.Of(Frames.GoAway, 0, 0, [.. Frames.Number(stream - 2), .. Frames.Number(0)])],
            _ => null,
        });
        var result = await Driver(driver).RunAsync(GrpcLoadTests.Calls(server.EndPoint, new ClosedLoop(2)), Ct);
        Assert.InRange(result.Samples.Count, 10, int.MaxValue);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.InRange(result.Connections!.Reopened, 1, result.Connections.Opened);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_connection_that_the_server_ends_with_its_answer_counts_as_closed_by_it(string driver)
    {
        using var server = new FrameServer((_, _, stream) => [.. GrpcLoadTests.Good(stream), .. Frames.Of(Frames.GoAway, 0, 0, [.. Frames.Number(stream), .. Frames.Number(0)])]);
        var result = await Driver(driver).RunAsync(GrpcLoadTests.Calls(server.EndPoint, new ClosedLoop(2)), Ct);
        Assert.NotEmpty(Rows(result));
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.InRange(result.Connections!.Opened, result.Samples.Count - 2, result.Samples.Count + 2);
        Assert.Equal(result.Connections.Opened, result.Connections.Reopened);
    }

    /// <summary>More than sockets hold goes out in pieces, each when the one before has gone.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_request_that_sockets_cannot_hold_goes_out_as_they_take_it(string driver)
    {
        const int large = 24_000_000;
        await using var server = await CallServer.StartAsync(
            (context, message) => message.Length > large ? CallServer.AnswerAsync(context, [GrpcLoadTests.Vector]) : CallServer.Fail(context, 3, "short"),
            options =>
            {
                options.Limits.MaxRequestBodySize = null;
                options.Limits.Http2.InitialStreamWindowSize = options.Limits.Http2.InitialConnectionWindowSize = 2 * large;
            });
        var payloads = PayloadSet.Render(GrpcProtocols.OpenInference, server.EndPoint, [PayloadVariables.OfTexts("m", [new string('x', large)])]);
        var rows = Rows(await Driver(driver).RunAsync(GrpcLoadTests.Calls(server.EndPoint, new ClosedLoop(1)) with { Payloads = payloads }, Ct));
        Assert.InRange(rows.Length, 1, int.MaxValue);
        Assert.All(rows, s => Assert.Equal(Outcome.Success, s.Outcome));
    }

    /// <summary>A server that asks and asks, and reads no reply.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_server_that_reads_no_reply_is_given_up(string driver)
    {
        using var server = new FloodServer(Frames.Of(Frames.Ping, 0, 0, new byte[8]));
        var job = GrpcLoadTests.Calls(server.EndPoint, new ClosedLoop(1));
        var rows = Rows(await Driver(driver).RunAsync(job, Ct));
        Assert.InRange(rows.Length, 1, int.MaxValue);
        Assert.All(rows, s => Assert.Equal(Outcome.WrongAnswer, s.Outcome));
        var e = await Assert.ThrowsAsync<IOException>(() => job.Payloads.Wire.AskAsync(server.EndPoint, job.Payloads.Requests[0], 0, TimeSpan.FromSeconds(20), Ct));
        Assert.Equal("the answer is not gRPC: the server asks for more replies (PING, SETTINGS) than it reads", e.Message);
    }

    [Fact]
    public async Task Why_a_server_ends_a_connection_is_told()
    {
        using var server = new FrameServer((_, _, _) => Frames.Of(Frames.GoAway, 0, 0, [.. Frames.Number(0), .. Frames.Number(11), .. "too_many_pings"u8]));
        var job = GrpcLoadTests.Calls(server.EndPoint, new ClosedLoop(1));
        const string why = "the server ends the connection (GOAWAY, code 11 (ENHANCE_YOUR_CALM)): too_many_pings";
        var e = await Assert.ThrowsAsync<IOException>(() => job.Payloads.Wire.AskAsync(server.EndPoint, job.Payloads.Requests[0], 0, TimeSpan.FromSeconds(20), Ct));
        Assert.Equal($"the server takes no request: {why}", e.Message);
        Assert.EndsWith($"last error: {why})", (await Driver("epoll").RunAsync(job, Ct)).Disturbance, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_connection_that_ends_within_an_answer_is_a_disconnection(string driver)
    {
        using var server = new FrameServer((_, request, stream) => request == 0 ? GrpcLoadTests.Good(stream) : null);
        var rows = Rows(await Driver(driver).RunAsync(GrpcLoadTests.Calls(server.EndPoint, new ClosedLoop(2)), Ct));
        Assert.Contains(rows, s => s.Outcome == Outcome.Success);
        Assert.Contains(rows, s => s.Outcome == Outcome.Disconnected);
        Assert.All(rows, s => Assert.True(s.Outcome is Outcome.Success or Outcome.Disconnected, $"{s.Outcome}"));
    }

    /// <summary>Whatever a server says before it breaks off an answer: that is a failure, and nothing that was reopened.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_connection_that_the_server_gives_up_within_an_answer_is_not_reopened(string driver)
    {
        using var server = new FrameServer(
            (_, request, stream) => request == 0
                ? GrpcLoadTests.Good(stream)
                : [.. Frames.On(stream, Frames.Head), .. Frames.Of(Frames.GoAway, 0, 0, [.. Frames.Number(stream), .. Frames.Number(0)])],
            last: 1);
        var result = await Driver(driver).RunAsync(GrpcLoadTests.Calls(server.EndPoint, new ClosedLoop(2)), Ct);
        Assert.Contains(Rows(result), s => s.Outcome == Outcome.Success);
        Assert.Contains(Rows(result), s => s.Outcome == Outcome.Disconnected);
        Assert.Equal(0, result.Connections!.Reopened);
    }

    /// <summary>Unasked frames on a connection that idles, as servers send them, do it no harm. They let in more than a call sends.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task What_a_server_says_between_two_calls_is_heard(string driver)
    {
        byte[] unasked = [.. Frames.Of(Frames.Ping, 0, 0, new byte[8]), .. Frames.Of(Frames.WindowUpdate, 0, 0, Frames.Number(10_000)), .. Frames.Of(Frames.Settings, 0, 0, Frames.Setting(4, 70_000))];
        using var server = new FrameServer((_, _, stream) => [.. GrpcLoadTests.Good(stream), .. unasked]);
        var result = await Driver(driver).RunAsync(GrpcLoadTests.Calls(server.EndPoint, new OpenLoop("constant", 100)), Ct);
        Assert.Equal(20, result.Samples.Count);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.Equal(0, result.Connections!.Reopened);
    }
}
