using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Native;

/// <summary>What a stack's rules make of answers under load, whatever the way of input and output.</summary>
[Lane("slow")]
public sealed class OutcomeRuleTests : DriverTest
{
    private static readonly IReadOnlyList<OutcomeRule> Rules =
    [
        Rule(503, OutcomeMeaning.Rejected, new BodyCondition(null, null, ["queue"], [])),
        Rule(503, OutcomeMeaning.Timeout, header: new HeaderCondition("x-late", IsPresent: true, null)),
        Rule(500, OutcomeMeaning.ClientFault, new BodyCondition(JsonPath.TryParse("error.code", out _), "7", [], [])),
        Rule(200, OutcomeMeaning.Failed, new BodyCondition(JsonPath.TryParse("error", out _), null, [], [])),
        Rule(206, OutcomeMeaning.Success),
        Rule(418, OutcomeMeaning.Failed),
        new([], [], null, new BodyCondition(JsonPath.TryParse("error", out _), null, [], []), OutcomeMeaning.Failed),
        new([], [], null, new BodyCondition(null, null, ["no room"], []), OutcomeMeaning.Rejected),
    ];

    [Theory]
    [InlineData("503 Busy", "", "the queue is full", Outcome.Rejected)]
    [InlineData("503 Busy", "X-Late: 1", "sorry", Outcome.ServerTimeout)]
    [InlineData("503 Busy", "", "sorry", Outcome.ServerError)]
    [InlineData("500 Oh", "", """{"error":{"code":7}}""", Outcome.ClientFault)]
    [InlineData("500 Oh", "", """{"error":{"code":8}}""", Outcome.ServerError)]
    [InlineData("200 OK", "", """{"error":"the worker died"}""", Outcome.FailedInside)]
    [InlineData("200 OK", "", """{"error":null,"data":[]}""", Outcome.Success)]
    [InlineData("200 OK", "", """{"data":[{"error":1}]}""", Outcome.Success)]
    [InlineData("206 Partial", "", "{}", Outcome.Success)]
    [InlineData("418 Teapot", "", "", Outcome.Failed)]
    [InlineData("404 Not Found", "", "", Outcome.ClientError)]
    public async Task Each_answer_means_what_the_first_rule_that_fits_says(string status, string header, string body, Outcome outcome)
    {
        foreach (var driver in Drivers.Select(row => row.Data))
        {
            using var server = new ScriptedServer(e => e.Raw($"HTTP/1.1 {status}\r\n{header}{(header.Length > 0 ? "\r\n" : "")}Content-Length: {body.Length}\r\n\r\n{body}"));
            var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(2)) with { Rules = Rules }, Ct);
            Assert.NotEmpty(Rows(result));
            Assert.All(Rows(result), s => Assert.Equal(outcome, s.Outcome));
        }
    }

    /// <summary>A stream that has begun as a success tells of its failure in an event, and may end there without its last event.</summary>
    [Theory]
    [InlineData("data: {\"delta\":\"a\"}\n\ndata: {\"error\":\"no memory\"}\n\n", false, Outcome.FailedInside)]
    [InlineData("data: {\"error\":\"no memory\"}\n\ndata: [DONE]\n\n", false, Outcome.FailedInside)]
    [InlineData("data: {\"error\":\"no memory\"}\n\n", true, Outcome.FailedInside)]
    [InlineData("data: no room\n\n", false, Outcome.Rejected)]
    [InlineData("data: {\"delta\":\"error\"}\n\ndata: [DONE]\n\n", false, Outcome.Success)]
    public async Task An_event_can_say_that_a_stream_has_failed(string events, bool untilClose, Outcome outcome)
    {
        foreach (var driver in Drivers.Select(row => row.Data))
        {
            using var server = new ScriptedServer(e =>
            {
                e.Raw($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{(untilClose ? "" : $"Content-Length: {events.Length}\r\n")}\r\n{events}");
                if (untilClose) e.Close();
            });
            var payloads = PayloadSet.Render(K6.StreamedProtocols.Get("chat-sse"), server.EndPoint, [PayloadVariables.OfTexts("m", ["x"])]);
            var result = await Driver(driver).RunAsync(Job(server.EndPoint, new ClosedLoop(2)) with { Payloads = payloads, Rules = Rules }, Ct);
            Assert.NotEmpty(Rows(result));
            Assert.All(Rows(result), s => Assert.Equal(outcome, s.Outcome));
        }
    }

    private static OutcomeRule Rule(int status, OutcomeMeaning means, BodyCondition? body = null, HeaderCondition? header = null) =>
        new([status], header is null ? [] : [header], body, null, means);
}
