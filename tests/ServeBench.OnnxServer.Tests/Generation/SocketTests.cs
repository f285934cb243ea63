using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Generation;

/// <summary>Texts over a WebSocket (docs/server.md), message by message.</summary>
public sealed class SocketTests(TinyGenerator model) : IClassFixture<TinyGenerator>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_for_each_token_then_a_last_one_and_the_next_request()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        using var socket = await OpenAsync(server);
        foreach (var prompt in new int[][] { [1, 2], [3] })
        {
            await SendAsync(socket, $$"""{"prompt":[{{string.Join(',', prompt)}}],"max_tokens":3,"ignore_eos":true}""");
            foreach (var (token, i) in FakeSlots.Continue(prompt, 3).Select((t, i) => (t, i)))
                Assert.Equal((i, token, model.Tokenizer.Decode([token])), Token(await ReceiveAsync(socket)));
            Assert.Equal(
                $$$"""{"finish_reason":"length","usage":{"prompt_tokens":{{{prompt.Length}}},"completion_tokens":3,"total_tokens":{{{prompt.Length + 3}}}}}""",
                await ReceiveAsync(socket));
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"prompt":""}""")]
    [InlineData("""{"prompt":"a","n":2}""")]
    [InlineData("""{"prompt":["a","b"]}""")]
    public async Task A_request_that_is_wrong_has_an_error_and_the_next_is_answered(string body)
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        using var socket = await OpenAsync(server);
        await SendAsync(socket, body);
        Assert.Equal("invalid_request_error", JsonElement.Parse(await ReceiveAsync(socket)).GetProperty("error").GetProperty("type").GetString());
        await SendAsync(socket, """{"prompt":[1],"max_tokens":1}""");
        Assert.Contains("\"index\":0", await ReceiveAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_too_long_is_refused()
    {
        await using var server = await FakeServer.StartAsync(model, 1, "--max-body=2000");
        using var socket = await OpenAsync(server);
        await SendAsync(socket, $$"""{"prompt":"{{new string('a', 10000)}}"}""");
        Assert.Contains("--max-body", await ReceiveAsync(socket), StringComparison.Ordinal);
    }

    /// <summary>A connection may be silent between messages; the rest of one that has begun must come, or its memory would be held for ever.</summary>
    [Fact]
    public async Task A_message_that_does_not_come_whole_ends_the_connection()
    {
        await using var server = await FakeServer.StartAsync(model, 1, "--read-timeout=500ms");
        using var socket = await OpenAsync(server);
        await socket.SendAsync("""{"prompt":"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: false, Cancelled);
        await Assert.ThrowsAsync<WebSocketException>(() => ReceiveAsync(socket).WaitAsync(TimeSpan.FromSeconds(20), Cancelled));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_frees_its_slot(bool saysSo)
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        server.Slots.OnCall = _ => Thread.Sleep(10);
        using (var socket = await OpenAsync(server))
        {
            await SendAsync(socket, """{"prompt":[1],"max_tokens":120,"ignore_eos":true}""");
            await ReceiveAsync(socket);
            if (saysSo) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
            else socket.Abort();
            await server.UntilAsync("servebench_sequences_cancelled_total", 1);
        }
        await server.UntilAsync("servebench_sequences_running", 0);
        Assert.InRange(server.Slots.Calls.Count, 1, 100);
        await Eventually.HoldsAsync(
            async () => (await server.Server.Client.GetStringAsync("/metrics")).Contains("{protocol=\"websocket\",outcome=\"cancelled\"} 1", StringComparison.Ordinal),
            "the request is counted as cancelled");
    }

    [Fact]
    public async Task The_end_of_the_server_comes_after_the_answer()
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        using var socket = await OpenAsync(server);
        using var idle = await OpenAsync(server);
        server.Close();
        await SendAsync(socket, """{"prompt":[1],"max_tokens":3,"ignore_eos":true}""");
        server.Slots.Began.Wait(Cancelled);
        var ending = server.Server.StopAsync();
        Assert.Equal("", await ReceiveAsync(idle));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, idle.CloseStatus);
        await idle.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
        server.Slots.Gate.Set();
        for (var i = 0; i < 3; i++) Assert.Contains($"\"index\":{i}", await ReceiveAsync(socket), StringComparison.Ordinal);
        Assert.Contains("finish_reason", await ReceiveAsync(socket), StringComparison.Ordinal);
        Assert.Equal("", await ReceiveAsync(socket));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancelled);
        await ending;
    }

    [Fact]
    public async Task What_is_no_WebSocket_is_told_so()
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        var (status, body) = await server.Server.GetAsync("/v1/generate/ws");
        Assert.Equal(400, status);
        Assert.Contains("Upgrade", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task<ClientWebSocket> OpenAsync(FakeServer server)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(server.Server.Client.BaseAddress!) { Scheme = "ws", Path = "/v1/generate/ws" }.Uri, Cancelled);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, Cancelled);

    /// <returns>A message; empty at the end.</returns>
    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[8192];
        var result = await socket.ReceiveAsync(buffer, Cancelled);
        Assert.True(result.EndOfMessage);
        return result.MessageType == WebSocketMessageType.Close ? "" : Encoding.UTF8.GetString(buffer, 0, result.Count);
    }

    private static (int Index, int Id, string Text) Token(string message)
    {
        var token = JsonElement.Parse(message);
        return (token.GetProperty("index").GetInt32(), token.GetProperty("id").GetInt32(), token.GetProperty("text").GetString()!);
    }
}
