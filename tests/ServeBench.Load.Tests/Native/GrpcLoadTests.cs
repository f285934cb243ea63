using System.Net;
using Microsoft.AspNetCore.Http;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tests.Http2;
using ServeBench.Load.Tests.K6;
using ServeBench.Load.Tests.Servers;
using ServeBench.Load.Tests.Wire;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Native;

/// <summary>gRPC by our own driver, in either way of input and output, against Kestrel and against frames put together by hand.</summary>
[Lane("slow")]
public sealed class GrpcLoadTests : DriverTest
{
    /// <summary>An answer of the Open Inference Protocol: shape [1, 2] and two numbers.</summary>
    internal static readonly byte[] Vector = [0x2a, 4, 0x1a, 2, 1, 2, 0x32, 8, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40];

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Calls_are_answered_on_connections_that_stay(string driver)
    {
        var connections = new HashSet<string>();
        await using var server = await CallServer.StartAsync(async (context, message) =>
        {
            lock (connections) connections.Add(context.Connection.Id);
            Assert.Equal("/inference.GRPCInferenceService/ModelInfer", context.Request.Path.Value);
            Assert.Equal("trailers", context.Request.Headers.TE.ToString());
            Assert.Contains("text ", Latin1.Text(message), StringComparison.Ordinal);
            await CallServer.AnswerAsync(context, [Vector]);
        });
        var result = await Driver(driver).RunAsync(Calls(server.EndPoint, new ClosedLoop(3)) with { KeepAnswers = 4 }, Ct);
        Assert.InRange(result.Samples.Count, 20, int.MaxValue);
        Assert.All(Rows(result), s => Assert.Equal((Outcome.Success, 0, Vector.Length), (s.Outcome, s.Status, s.ResponseBytes)));
        Assert.Equal(3, connections.Count);
        Assert.Null(result.Disturbance);
        Assert.NotEmpty(result.Answers);
        var wire = WireFormat.Of(GrpcProtocols.OpenInference);
        Assert.All(result.Answers, a =>
        {
            Assert.True(wire.TryDecode(a, out var decoded, out var problem), problem);
            Assert.Equal([1f, 2f], Assert.Single(decoded.Vectors["embedding"]));
        });
    }

    /// <summary>600 KB each way: the server's window of 96 KiB is filled again and again, and so is its own of ours.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Large_requests_and_answers_go_through_the_windows(string driver)
    {
        var large = new string('x', 600_000);
        await using var server = await CallServer.StartAsync(
            (context, message) => CallServer.AnswerAsync(context, [message]),
            options => options.Limits.Http2.InitialStreamWindowSize = 98_304);
        var payloads = PayloadSet.Render(GrpcProtocols.OpenInference, server.EndPoint, [PayloadVariables.OfTexts("m", [large])]);
        var result = await Driver(driver).RunAsync(Calls(server.EndPoint, new ClosedLoop(2)) with { Payloads = payloads }, Ct);
        Assert.NotEmpty(Rows(result));
        Assert.All(Rows(result), s => Assert.Equal((Outcome.Success, payloads.Requests[0].BodyBytes - 5), (s.Outcome, s.ResponseBytes)));
    }

    [Theory]
    [InlineData(0, Outcome.Success)]
    [InlineData(1, Outcome.Failed)]
    [InlineData(2, Outcome.Failed)]
    [InlineData(3, Outcome.ClientFault)]
    [InlineData(4, Outcome.ServerTimeout)]
    [InlineData(5, Outcome.ClientFault)]
    [InlineData(7, Outcome.ClientFault)]
    [InlineData(8, Outcome.Rejected)]
    [InlineData(9, Outcome.ClientFault)]
    [InlineData(10, Outcome.Failed)]
    [InlineData(12, Outcome.ClientFault)]
    [InlineData(13, Outcome.Failed)]
    [InlineData(14, Outcome.Failed)]
    [InlineData(15, Outcome.Failed)]
    [InlineData(16, Outcome.ClientFault)]
    public async Task Every_status_has_its_outcome(int status, Outcome outcome)
    {
        var calls = 0;
        await using var server = await CallServer.StartAsync((context, _) => status == 0 || Interlocked.Increment(ref calls) % 2 == 0
            ? CallServer.AnswerAsync(context, status == 0 ? [Vector] : [], status)
            : CallServer.Fail(context, status, "why"));
        var result = await Driver("epoll").RunAsync(Calls(server.EndPoint, new ClosedLoop(2)), Ct);
        Assert.NotEmpty(Rows(result));
        Assert.All(Rows(result), s => Assert.Equal((outcome, status), (s.Outcome, s.Status)));
    }

    [Theory]
    [InlineData(503, Outcome.ServerError)]
    [InlineData(404, Outcome.ClientError)]
    [InlineData(200, Outcome.WrongAnswer)]
    public async Task Where_there_is_no_gRPC_the_status_of_HTTP_counts(int status, Outcome outcome)
    {
        await using var server = await CallServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<h1>no</h1>", Ct);
        });
        var job = Calls(server.EndPoint, new ClosedLoop(2));
        var result = await Driver("epoll").RunAsync(job, Ct);
        Assert.NotEmpty(Rows(result));
        Assert.All(Rows(result), s => Assert.Equal((outcome, status, 11), (s.Outcome, s.Status, s.ResponseBytes)));
        var kept = await job.Payloads.Wire.AskAsync(server.EndPoint, job.Payloads.Requests[0], 0, TimeSpan.FromSeconds(20), Ct);
        Assert.Equal((status, "<h1>no</h1>"), (kept.Status, Latin1.Text(kept.Body)));
    }

    public static TheoryData<byte[], Outcome, int> Answers { get; } = new()
    {
        { [.. Frames.Head, .. Frames.Of(Frames.Data, 0, 1, Frames.Message(Vector)), .. Frames.Trailers], Outcome.Success, 0 },
        { [.. Frames.Head, .. Frames.Trailers], Outcome.WrongAnswer, 0 },
        { [.. Frames.Head, .. Frames.Of(Frames.Data, 0, 1, Frames.Message(Vector, flag: 1)), .. Frames.Trailers], Outcome.WrongAnswer, 0 },
        { [.. Frames.Head, .. Frames.Of(Frames.Data, 0, 1, [.. Frames.Message(Vector), .. Frames.Message(Vector)]), .. Frames.Trailers], Outcome.WrongAnswer, 0 },
        { [.. Frames.Head, .. Frames.Of(Frames.Data, 0, 1, Frames.Message(Vector)[..7]), .. Frames.Trailers], Outcome.WrongAnswer, 0 },
        { [.. Frames.Head, .. Frames.Of(Frames.Data, Frames.EndStream, 1, Frames.Message(Vector))], Outcome.WrongAnswer, 200 },
        { Frames.Of(Frames.Data, 0, 1, 1), Outcome.WrongAnswer, 0 },
        { Frames.Of(Frames.Reset, 0, 1, Frames.Number(7)), Outcome.Failed, 14 },
        { Frames.Of(Frames.Reset, 0, 1, Frames.Number(11)), Outcome.Rejected, 8 },
        { Frames.Of(Frames.GoAway, 0, 0, [.. Frames.Number(0), .. Frames.Number(0)]), Outcome.Disconnected, 0 },
        { "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Outcome.WrongAnswer, 0 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Each_answer_has_its_outcome(byte[] answer, Outcome outcome, int status)
    {
        foreach (var driver in Drivers.Select(row => row.Data))
        {
            // Each connection carries one call, so that the answer's stream is always the first.
            using var server = new FrameServer((_, request, _) => request == 0 ? answer : null);
            var job = Calls(server.EndPoint, new ClosedLoop(2)) with { Habits = new ConnectionHabits(null, ClosesAfter.Answer, null) };
            var rows = Rows(await Driver(driver).RunAsync(job, Ct));
            Assert.NotEmpty(rows);
            Assert.All(rows, s => Assert.Equal((outcome, status), (s.Outcome, s.Status)));
        }
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_stream_is_one_sample_with_the_times_of_its_messages(string driver)
    {
        await using var server = await CallServer.StartAsync(async (context, _) =>
        {
            await context.Response.StartAsync(Ct);
            await context.Response.Body.FlushAsync(Ct);
            await Task.Delay(20, Ct);
            await CallServer.AnswerAsync(context, [[0x0a, 4, 0, 0, 0x80, 0x3f]], status: null);
            await Task.Delay(30, Ct);
            await CallServer.AnswerAsync(context, [[], [0x0a, 4, 0, 0, 0, 0x40]]);
        });
        var payloads = PayloadSet.Render(StreamedProtocols.Get("generate-grpc"), server.EndPoint, [PayloadVariables.OfTexts("m", ["x"])]);
        var result = await Driver(driver).RunAsync(Calls(server.EndPoint, new ClosedLoop(2)) with { Payloads = payloads, KeepAnswers = 2 }, Ct);
        var rows = Rows(result);
        Assert.NotEmpty(rows);
        var events = result.Samples.Series(SampleSeries.Events)!;
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.Equal((Outcome.Success, 0, 12), (rows[i].Outcome, rows[i].Status, rows[i].ResponseBytes));
            Assert.Equal(3, events[i].Length);
            // A timer of .NET may be early by its resolution.
            Assert.InRange(rows[i].First - rows[i].Sent, 15 * Millisecond, long.MaxValue);
            Assert.Equal(rows[i].First - rows[i].Sent, events[i][0]);
            Assert.InRange(events[i][1], events[i][0], events[i][2]);
            Assert.InRange(events[i][2], 40 * Millisecond, rows[i].Last - rows[i].Sent);
        }
        Assert.NotEmpty(result.Answers);
        Assert.All(result.Answers, a => Assert.Equal([6, 0, 6], a.Events.Select(e => e.Data.Length)));
    }

    [Fact]
    public async Task A_stacks_rules_look_at_status_fields_and_what_a_failed_call_says()
    {
        OutcomeRule[] rules =
        [
            new([14], [], new BodyCondition(null, null, ["queue is full"], []), null, OutcomeMeaning.Rejected),
            new([13], [new HeaderCondition("x-why", IsPresent: true, "late")], null, null, OutcomeMeaning.Timeout),
        ];
        var calls = 0;
        await using var server = await CallServer.StartAsync((context, _) =>
        {
            if (Interlocked.Increment(ref calls) % 2 == 0) return CallServer.Fail(context, 14, "the queue is full");
            context.Response.Headers["x-why"] = "late";
            return CallServer.Fail(context, 13, "");
        });
        var job = Calls(server.EndPoint, new ClosedLoop(2)) with { Rules = rules };
        var rows = Rows(await Driver("epoll").RunAsync(job, Ct));
        Assert.All(rows, s => Assert.Equal(s.Status == 14 ? Outcome.Rejected : Outcome.ServerTimeout, s.Outcome));
        Assert.Equal([13, 14], rows.Select(s => (int)s.Status).Distinct().Order());
        var kept = await job.Payloads.Wire.AskAsync(server.EndPoint, job.Payloads.Requests[0], 0, TimeSpan.FromSeconds(20), rules, Ct);
        Assert.Contains(kept.Meaning, new OutcomeMeaning?[] { OutcomeMeaning.Rejected, OutcomeMeaning.Timeout });
    }

    [Fact]
    public async Task A_single_call_is_asked_as_under_load()
    {
        await using var server = await CallServer.StartAsync((context, message) => message.Length > 600_000
            ? CallServer.AnswerAsync(context, [message])
            : CallServer.Fail(context, 3, "100 % wrong: \u00e4"));
        var wire = WireFormat.Of(GrpcProtocols.OpenInference);
        var render = wire.Renderer("p", server.EndPoint);
        var kept = await wire.AskAsync(server.EndPoint, render(PayloadVariables.OfTexts("m", [new string('y', 600_000)])), 7, TimeSpan.FromSeconds(20), Ct);
        Assert.Equal((7, 0), (kept.Payload, kept.Status));
        Assert.InRange(kept.Body.Length, 600_000, 600_200);
        kept = await wire.AskAsync(server.EndPoint, render(PayloadVariables.OfTexts("m", ["x"])), 8, TimeSpan.FromSeconds(20), Ct);
        Assert.False(wire.TryDecode(kept, out _, out var problem));
        Assert.Equal("gRPC status 3 (INVALID_ARGUMENT) instead of OK; it says: 100 % wrong: \u00e4", problem);
    }

    [Fact]
    public async Task A_server_of_HTTP_1_is_found_out()
    {
        using var server = new ScriptedServer(e => e.Answer(status: 400));
        var wire = WireFormat.Of(GrpcProtocols.OpenInference);
        var request = wire.Renderer("p", server.EndPoint)(PayloadVariables.OfTexts("m", ["x"]));
        var e = await Assert.ThrowsAsync<IOException>(() => wire.AskAsync(server.EndPoint, request, 0, TimeSpan.FromSeconds(20), Ct));
        Assert.Equal("the answer is not gRPC: the server speaks HTTP/1 here, not HTTP/2", e.Message);
    }

    internal static byte[] Good(int stream) =>
        [.. Frames.On(stream, Frames.Head), .. Frames.Of(Frames.Data, 0, stream, Frames.Message(Vector)), .. Frames.On(stream, Frames.Trailers)];

    internal static LoadJob Calls(IPEndPoint target, LoadShape shape) => Job(target, shape) with
    {
        Payloads = PayloadSet.Render(GrpcProtocols.OpenInference, target, Enumerable.Range(0, 10).Select(i => PayloadVariables.OfTexts("m", [.. Enumerable.Repeat($"text {i}", 1 + i % 3)]))),
    };
}
