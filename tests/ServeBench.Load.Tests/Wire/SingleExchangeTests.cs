using System.Net;
using System.Net.Sockets;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.Tests.Servers;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Wire;

[Lane("slow")]
public sealed class SingleExchangeTests
{
    private static readonly WireFormat Embeddings = WireFormat.Of(Protocols.Embeddings);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Readiness and parity hear of a failure inside a good status as a load does.</summary>
    [Theory]
    [InlineData("200 OK", "{\"error\":\"no memory\"}", OutcomeMeaning.Failed)]
    [InlineData("200 OK", "{\"data\":[]}", null)]
    [InlineData("503 Busy", "the queue is full", OutcomeMeaning.Rejected)]
    public async Task An_answer_comes_with_what_the_rules_say_of_it(string status, string body, OutcomeMeaning? meaning)
    {
        OutcomeRule[] rules =
        [
            new([200], [], new BodyCondition(JsonPath.TryParse("error", out _), null, [], []), null, OutcomeMeaning.Failed),
            new([503], [], new BodyCondition(null, null, ["queue"], []), null, OutcomeMeaning.Rejected),
        ];
        using var server = new ScriptedServer(e => e.Raw($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        var answer = await Embeddings.AskAsync(server.EndPoint, Request(server.EndPoint, "x"), 0, Limit, rules, Ct);
        Assert.Equal((meaning, body), (answer.Meaning, System.Text.Encoding.UTF8.GetString(answer.Body)));
    }

    [Fact]
    public async Task Gives_the_whole_answer()
    {
        using var server = new ScriptedServer(e => e.Raw($"HTTP/1.1 207 Odd\r\nTransfer-Encoding: chunked\r\n\r\n{e.Body.Length:x}\r\n{e.Body}\r\n0\r\n\r\n"));
        var request = Request(server.EndPoint, new string('x', 3_000_000));
        var answer = await Embeddings.AskAsync(server.EndPoint, request, 5, Limit, Ct);
        Assert.Equal((5, 207), (answer.Payload, answer.Status));
        Assert.Equal(request.Bytes[^request.BodyBytes..], answer.Body);
    }

    /// <summary>A server that refuses a request too large for it stops reading; its answer must be heard nevertheless.</summary>
    [Fact]
    public async Task Hears_an_answer_that_comes_before_the_request_is_sent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var target = (IPEndPoint)listener.LocalEndpoint;
        var asking = Embeddings.AskAsync(target, Request(target, new string('x', 30_000_000)), 0, Limit, Ct);
        using var socket = await listener.AcceptSocketAsync(Ct);
        await socket.ReceiveAsync(new byte[100], Ct);
        await socket.SendAsync(Latin1.Bytes("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"), Ct);
        Assert.Equal(413, (await asking).Status);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "the connection ended before the answer was whole")]
    [InlineData("", "the connection ended before the answer was whole")]
    [InlineData("nonsense\r\n", "the answer is not HTTP: the answer does not begin with an HTTP/1 status line")]
    public async Task Says_why_there_is_no_whole_answer(string bytes, string why)
    {
        using var server = new ScriptedServer(e =>
        {
            e.Raw(bytes);
            e.Close();
        });
        var e = await Assert.ThrowsAsync<IOException>(() => Embeddings.AskAsync(server.EndPoint, Request(server.EndPoint, "x"), 0, Limit, Ct));
        Assert.Equal(why, e.Message);
    }

    [Fact]
    public async Task Says_that_nobody_listens()
    {
        IPEndPoint gone;
        using (var server = new ScriptedServer(_ => { })) gone = server.EndPoint;
        var e = await Assert.ThrowsAsync<IOException>(() => Embeddings.AskAsync(gone, Request(gone, "x"), 0, Limit, Ct));
        Assert.StartsWith($"no connection to {gone}: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_time_ran_out()
    {
        using var over = new ManualResetEventSlim();
        using var server = new ScriptedServer(_ => over.Wait(Limit));
        var e = await Assert.ThrowsAsync<TimeoutException>(
            () => Embeddings.AskAsync(server.EndPoint, Request(server.EndPoint, "x"), 0, TimeSpan.FromMilliseconds(50), Ct));
        over.Set();
        Assert.Equal($"{server.EndPoint} did not answer within 0.05 s", e.Message);
    }

    [Fact]
    public async Task Cancelling_is_neither()
    {
        using var over = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        using var server = new ScriptedServer(_ =>
        {
            stop.Cancel();
            over.Wait(Limit);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Embeddings.AskAsync(server.EndPoint, Request(server.EndPoint, "x"), 0, Limit, stop.Token));
        over.Set();
    }

    private static RenderedRequest Request(IPEndPoint target, string text) =>
        Embeddings.Renderer("p", target)(PayloadVariables.OfTexts("m", [text]));
}
