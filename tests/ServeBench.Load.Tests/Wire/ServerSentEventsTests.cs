using System.Diagnostics;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.Tests.Servers;
using ServeBench.Load.Wire;
using ServeBench.NullServer;

namespace ServeBench.Load.Tests.Wire;

/// <summary>Answers in events: asked for alone, kept with their times, and understood.</summary>
public sealed class ServerSentEventsTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

    private static readonly HttpRequest Request = new("POST", "/v1/embeddings", new Dictionary<string, string>(), new JsonBody(new Domain.Protocols.JsonPlaceholderTemplate("texts")));

    private static readonly StreamEnd Done = new("[DONE]", null);

    private static readonly ServerSentEvents Embeddings =
        new(Request, 200, Done, Protocols.Answer(Protocols.Path("data[*]"), Protocols.Path("data[*].embedding"), Protocols.Path("usage.prompt_tokens")));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_single_question_gives_every_event_with_its_time()
    {
        var pause = TimeSpan.Zero;
        using var server = new ScriptedServer(e =>
        {
            var asked = Stopwatch.StartNew();
            e.Send(Head + ": comment\n\ndata: {\"data\":[{\"embedding\":[1,2]}]}\n\n");
            Thread.Sleep(20);
            pause = asked.Elapsed;
            e.Raw("data: {\"usage\":{\"prompt_tokens\":3}}\n\ndata: [DONE]\n\n");
            e.Close();
        });
        var answer = await Embeddings.AskAsync(server.EndPoint, Render(server.EndPoint), 7, TimeSpan.FromSeconds(20), Ct);
        Assert.Equal((7, 200, 3), (answer.Payload, answer.Status, answer.Events.Count));
        Assert.Equal(["{\"data\":[{\"embedding\":[1,2]}]}", "{\"usage\":{\"prompt_tokens\":3}}", "[DONE]"], answer.Events.Select(e => Latin1.Text(e.Data)));
        Assert.True(answer.Events[0].At > 0 && answer.Events[0].At <= answer.Events[1].At && answer.Events[1].At <= answer.Events[2].At);
        // Times count from the send: the second event cannot have come before the server let it go.
        Assert.InRange(answer.Events[1].At, (long)pause.TotalNanoseconds, long.MaxValue);
        Assert.True(Embeddings.TryDecode(answer, out var decoded, out var problem), problem);
        Assert.Equal((1, 3L), (decoded.Items, decoded.Counts["input-tokens"]));
        Assert.Equal([1f, 2f], decoded.Vectors["embedding"][0]);
    }

    [Fact]
    public async Task A_stream_that_is_cut_off_is_no_answer()
    {
        using var server = new ScriptedServer(e =>
        {
            e.Raw(Head + "data: {\"data\":[]}\n\n");
            e.Close();
        });
        var e = await Assert.ThrowsAsync<IOException>(() => Embeddings.AskAsync(server.EndPoint, Render(server.EndPoint), 0, TimeSpan.FromSeconds(20), Ct));
        Assert.Equal("the connection ended before the answer was whole", e.Message);
    }

    [Theory]
    [InlineData("{\"data\":[{\"embedding\":[1]}]}", null)]
    [InlineData("{\"choices\":[]}|{\"data\":null}|{\"data\":[{\"embedding\":[1]}]}", null)]
    [InlineData("{\"choices\":[]}", "none of 1 events has data[*]")]
    [InlineData("{\"data\":[{\"embedding\":[1]}]}|oops", "event 1 is not JSON")]
    [InlineData("{\"data\":[{\"embedding\":\"1\"}]}", "data[0].embedding is a string instead of an array of numbers")]
    [InlineData("", "there is no event in the answer; the body begins: body")]
    public void Events_make_up_one_answer(string events, string? problem)
    {
        var answer = new KeptAnswer(0, 200, "body"u8.ToArray()) { Events = events.Length == 0 ? [] : [.. events.Split('|').Append("[DONE]").Select(e => new AnswerEvent(1, Latin1.Bytes(e)))] };
        Assert.Equal(problem is null, Embeddings.TryDecode(answer, out var decoded, out var said));
        if (problem is null) Assert.Equal([1f], Assert.Single(decoded!.Vectors["embedding"]));
        else Assert.StartsWith(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_status_is_reported_with_the_body()
    {
        Assert.False(Embeddings.TryDecode(new KeptAnswer(0, 503, "busy"u8.ToArray()), out _, out var problem));
        Assert.Equal("status 503 instead of 200; the body begins: busy", problem);
    }

    /// <summary>What is asked of every wire format that our driver speaks: the null server answers in it, and the answer is understood.</summary>
    [Theory]
    [InlineData("[DONE]", null, 4)]
    [InlineData(null, "choices[1].finish", 4)]
    [InlineData(null, null, 1)] // the first event is also the last
    public async Task The_null_server_answers_as_the_protocol_has_it(string? last, string? when, int events)
    {
        var wire = new ServerSentEvents(Request, 200, new StreamEnd(last, when is null ? null : Protocols.Path(when)), Protocols.Answer(Protocols.Path("data[*]"), Protocols.Path("data[*].embedding"), null));
        var arguments = wire.NullServerArguments.ToDictionary(a => a[..a.IndexOf('=', StringComparison.Ordinal)], a => a[(a.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        Assert.Equal("sse", arguments["--wire"]);
        using var server = NullServerHost.Start(new NullServerOptions { Wire = arguments["--wire"], Last = arguments["--last"], Events = 3, Body = NullAnswers.Vectors(4, 2) });
        var answer = await wire.AskAsync(server.EndPoint, Render(server.EndPoint), 0, TimeSpan.FromSeconds(20), Ct);
        Assert.Equal(events, answer.Events.Count);
        Assert.True(wire.TryDecode(answer, out var decoded, out var problem), problem);
        Assert.Equal((events == 1 ? 2 : 6, 4), (decoded.Items, decoded.Vectors["embedding"][^1].Length));
    }

    private static RenderedRequest Render(System.Net.IPEndPoint target) => Embeddings.Renderer("p", target)(PayloadVariables.OfTexts("m", ["x"]));
}
