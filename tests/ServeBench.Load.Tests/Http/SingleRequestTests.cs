using System.Net;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http;
using ServeBench.Load.Tests.Encoding;
using ServeBench.Load.Tests.Servers;

namespace ServeBench.Load.Tests.Http;

public sealed class SingleRequestTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Gives_the_whole_answer()
    {
        using var server = new ScriptedServer(e => e.Raw($"HTTP/1.1 207 Odd\r\nTransfer-Encoding: chunked\r\n\r\n{e.Body.Length:x}\r\n{e.Body}\r\n0\r\n\r\n"));
        var request = Request(server.EndPoint, new string('x', 3_000_000));
        var answer = await SingleRequest.SendAsync(server.EndPoint, request, Limit, TestContext.Current.CancellationToken);
        Assert.Null(answer.Failure);
        Assert.Equal(207, answer.Status);
        Assert.Equal(request.Bytes[^request.BodyBytes..], answer.Body);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "closed the connection before its answer was whole")]
    [InlineData("", "closed the connection before its answer was whole")]
    [InlineData("nonsense\r\n", "did not answer with HTTP/1.1: the answer does not begin with an HTTP/1 status line")]
    public async Task Says_why_there_is_no_whole_answer(string bytes, string why)
    {
        using var server = new ScriptedServer(e =>
        {
            e.Raw(bytes);
            e.Close();
        });
        var answer = await SingleRequest.SendAsync(server.EndPoint, Request(server.EndPoint, "x"), Limit, TestContext.Current.CancellationToken);
        Assert.Equal((0, $"{server.EndPoint} {why}"), (answer.Status, answer.Failure));
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task Says_that_nobody_listens()
    {
        IPEndPoint gone;
        using (var server = new ScriptedServer(_ => { })) gone = server.EndPoint;
        var answer = await SingleRequest.SendAsync(gone, Request(gone, "x"), Limit, TestContext.Current.CancellationToken);
        Assert.StartsWith($"{gone} cannot be reached: ", answer.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_time_ran_out()
    {
        using var over = new ManualResetEventSlim();
        using var server = new ScriptedServer(_ => over.Wait(Limit));
        var answer = await SingleRequest.SendAsync(server.EndPoint, Request(server.EndPoint, "x"), TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        over.Set();
        Assert.Equal($"{server.EndPoint} gave no whole answer within 0.05 s", answer.Failure);
    }

    [Fact]
    public async Task Cancelling_is_not_a_result()
    {
        using var over = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        using var server = new ScriptedServer(_ =>
        {
            stop.Cancel();
            over.Wait(Limit);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SingleRequest.SendAsync(server.EndPoint, Request(server.EndPoint, "x"), Limit, stop.Token));
        over.Set();
    }

    private static RenderedRequest Request(IPEndPoint target, string text) =>
        new RequestRenderer(Protocols.Embeddings, target).Render(PayloadVariables.OfTexts("m", [text]));
}
