using System.Net;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tests.K6;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Native;

/// <summary>Server-sent events by our own driver, in either way of input and output.</summary>
[Lane("slow")]
public sealed class EventStreamLoadTests : DriverTest
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

    private const string Chunks = Head + "Transfer-Encoding: chunked\r\n\r\n";

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_stream_is_one_sample_with_its_first_event_and_its_end(string driver)
    {
        const string Hello = ": hello\n\n", Token = "data: {\"delta\":\"o\"}\n\n", Done = "data: [DONE]\n\n";
        using var server = new ScriptedServer(e =>
        {
            // Neither the head nor a comment is anything that a reader waits for.
            e.Send(Chunks + Chunk(Hello));
            Thread.Sleep(30);
            e.Send(Chunk(Token)[..9]);
            e.Send(Chunk(Token)[9..]);
            Thread.Sleep(40);
            e.Raw(Chunk(Done) + Chunk(""));
        });
        var result = await Driver(driver).RunAsync(EventJob(server.EndPoint), Ct);
        var rows = Rows(result);
        Assert.InRange(rows.Length, 2, 20);
        Assert.All(rows, s =>
        {
            Assert.Equal((Outcome.Success, 200, (Hello + Token + Done).Length), (s.Outcome, s.Status, s.ResponseBytes));
            Assert.InRange(s.Sent, s.Intended, s.First);
            Assert.InRange(s.First - s.Sent, 29 * Millisecond, long.MaxValue);
            Assert.InRange(s.First, s.Sent, s.Last - 1);
            Assert.InRange(s.Last - s.Sent, 69 * Millisecond, long.MaxValue);
        });
        var events = result.Samples.Series(SampleSeries.Events)!;
        for (var i = 0; i < rows.Length; i++)
        {
            var times = events[i].ToArray();
            Assert.Equal(2, times.Length);
            Assert.Equal(rows[i].First - rows[i].Sent, times[0]);
            Assert.InRange(times[1], times[0], rows[i].Last - rows[i].Sent);
        }
        // On a busy machine the driver may come late to the first event of some.
        Assert.Contains(rows, s => s.Last - s.First >= 38 * Millisecond);
        Assert.Equal(2, server.Accepted);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task Every_event_of_a_kept_stream_is_kept_with_its_time(string driver)
    {
        using var server = new EventServer(async (request, write) =>
        {
            await write("data: {\"delta\":\"o\"}\n\n");
            await write(request.StartsWith("{\"model\":\"m\",\"stream\":true,", StringComparison.Ordinal) ? "data: [DONE]\n\n" : "");
        });
        var result = await Driver(driver).RunAsync(EventJob(server.EndPoint) with { KeepAnswers = 2 }, Ct);
        Assert.All(Rows(result), s => Assert.Equal(Outcome.Success, s.Outcome));
        Assert.NotEmpty(result.Answers);
        Assert.All(result.Answers, a =>
        {
            Assert.Equal(200, a.Status);
            Assert.Equal("data: {\"delta\":\"o\"}\n\ndata: [DONE]\n\n", Latin1.Text(a.Body));
            Assert.Equal(["{\"delta\":\"o\"}", "[DONE]"], a.Events.Select(e => Latin1.Text(e.Data)));
            Assert.InRange(a.Events[0].At, 1, a.Events[1].At);
        });
        Assert.Null(result.Disturbance);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_stream_that_ends_without_its_last_event_is_a_wrong_answer(string driver)
    {
        using var server = new EventServer(async (request, write) =>
        {
            await write("data: {\"delta\":\"o\"}\n\n");
            if (!request.Contains("three", StringComparison.Ordinal)) await write("data: [DONE]\n\n");
        });
        var result = await Driver(driver).RunAsync(EventJob(server.EndPoint), Ct);
        Assert.Equal([Outcome.Success, Outcome.WrongAnswer], Rows(result).Select(s => s.Outcome).Distinct().Order());
        Assert.All(Rows(result), s => Assert.Equal(s.Payload == 2 ? Outcome.WrongAnswer : Outcome.Success, s.Outcome));
    }

    [Theory]
    [InlineData(Chunks + "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n", Outcome.Success, 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-type: Text/Event-Stream; charset=utf-8\r\nContent-Length: 14\r\n\r\ndata: [DONE]\n\n", Outcome.Success, 200)]
    [InlineData(Chunks + "e\r\ndata: [done]\n\n\r\n0\r\n\r\n", Outcome.WrongAnswer, 200)]
    [InlineData(Chunks + "d\r\ndata: [DONE]\n\r\n0\r\n\r\n", Outcome.WrongAnswer, 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\ndata: [DONE]\n\n", Outcome.WrongAnswer, 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\ndata: [DONE]\n\n", Outcome.WrongAnswer, 200)]
    [InlineData("HTTP/1.1 201 Created\r\nContent-Type: text/event-stream\r\nContent-Length: 14\r\n\r\ndata: [DONE]\n\n", Outcome.WrongAnswer, 201)]
    [InlineData("HTTP/1.1 429 Too Many\r\nContent-Length: 2\r\n\r\n{}", Outcome.Rejected, 429)]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Type: text/event-stream\r\nContent-Length: 14\r\n\r\ndata: [DONE]\n\n", Outcome.ServerError, 503)]
    public async Task Each_stream_has_its_outcome(string answer, Outcome outcome, int status)
    {
        foreach (var driver in Drivers.Select(row => row.Data))
        {
            using var server = new ScriptedServer(e => e.Raw(answer));
            var result = await Driver(driver).RunAsync(EventJob(server.EndPoint), Ct);
            Assert.NotEmpty(Rows(result));
            Assert.All(Rows(result), s => Assert.Equal((outcome, status), (s.Outcome, s.Status)));
            // Whole answers leave the connection to the next request.
            Assert.Equal(2, server.Accepted);
        }
    }

    [Theory]
    [InlineData(Chunks + "e\r\ndata: [DONE]\n\n\r\n", false, Outcome.Disconnected)] // its length was still to come
    [InlineData(Chunks + "a\r\ndata: one\n\r\n", false, Outcome.Disconnected)]
    [InlineData(Chunks + "a\r\ndata: one\n\r\n", true, Outcome.Disconnected)]
    [InlineData(Head + "\r\ndata: one\n\n", false, Outcome.Disconnected)]
    [InlineData(Head + "\r\ndata: [DONE]\n\n", false, Outcome.Success)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\ndata: [DONE]\n\n", false, Outcome.WrongAnswer)]
    public async Task A_stream_whose_connection_ends_is_cut_unless_that_was_its_end(string answer, bool reset, Outcome outcome)
    {
        foreach (var driver in Drivers.Select(row => row.Data))
        {
            using var server = new ScriptedServer(e =>
            {
                e.Raw(answer);
                if (reset) e.Reset();
                else e.Close();
            });
            var result = await Driver(driver).RunAsync(EventJob(server.EndPoint), Ct);
            Assert.NotEmpty(Rows(result));
            Assert.All(Rows(result), s => Assert.Equal(outcome, s.Outcome));
        }
    }

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";

    private static LoadJob EventJob(IPEndPoint target)
    {
        var protocol = StreamedProtocols.Get("chat-sse");
        return Job(target, new ClosedLoop(2)) with
        {
            Payloads = PayloadSet.Render(protocol, target, [.. new[] { "one", "two", "three" }.Select(t => PayloadVariables.OfTexts("m", [t]))]),
            Protocol = protocol.Name,
        };
    }
}
