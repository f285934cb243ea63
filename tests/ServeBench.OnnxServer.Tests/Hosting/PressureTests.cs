using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Hosting;

/// <summary>More than there is room for, deadlines, and clients that go away. The order of events is forced, and time passes when a test says so.</summary>
public sealed class PressureTests(PreparedMiniLm model)
{
    private const string OpenAi = "/v1/embeddings";

    [Theory]
    [InlineData(OpenAi, """{"input":"a"}""")]
    [InlineData("/embed", """{"inputs":"a"}""")]
    [InlineData($"/v2/models/{PreparedMiniLm.Name}/infer", """{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"]}]}""")]
    public async Task A_full_queue_refuses_with_429_and_says_when_to_come_back(string path, string body)
    {
        await using var server = await GatedServer.StartAsync(model, "--max-queue=1", "--max-batch=1");
        server.FillQueue();
        using var response = await PostAsync(server, path, body);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.True(response.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(1, server.Waiting);
        Assert.Equal(1, await server.CountAsync("overloaded"));
        // Once there is room again, the same request is answered.
        server.Runner.Gate.Set();
        while (server.Waiting > 0) await Task.Yield();
        using var again = await PostAsync(server, path, body);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Theory]
    // An empty text would be refused with 400 if it were looked at before the queue.
    [InlineData(1, "\"\"")]
    // There is room for one text, not for two, which only shows when they are known.
    [InlineData(2, "[\"a\",\"b\"]")]
    public async Task Of_several_models_the_one_that_is_asked_decides_whether_there_is_room_and_when(int queue, string input)
    {
        await using var server = await GatedServer.StartAsync(model, $"--model=second={model.Folder}", $"--max-queue={queue}", "--max-batch=1", "--max-wait=1h");
        // The pace that is expected is a twentieth of the newest: 1000 s for the three tokens of this text.
        server.Close();
        var slow = PostAsync(server, OpenAi, """{"model":"second","input":"a"}""");
        server.Runner.Began.Wait(TestContext.Current.CancellationToken);
        server.Clock.Advance(TimeSpan.FromSeconds(1000));
        server.Runner.Gate.Set();
        using var answered = await slow;
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);

        server.FillQueue();
        using var refused = await PostAsync(server, OpenAi, $$"""{"model":"second","input":{{input}}}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        // Five tokens wait.
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 5 * 50 / 3, 5 * 50 / 3 + 2);
        using var other = await PostAsync(server, OpenAi, $$"""{"model":"{{PreparedMiniLm.Name}}","input":["a","b"]}""");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_request_whose_deadline_has_passed_is_not_executed()
    {
        await using var server = await GatedServer.StartAsync(model);
        server.Occupy();
        var late = PostAsync(server, OpenAi, """{"input":"late"}""", ("X-Request-Timeout", "1ms"));
        var patient = PostAsync(server, OpenAi, """{"input":"patient"}""", ("X-Request-Timeout", "2ms"));
        await server.WaitForWaitingAsync(2);
        server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        server.Runner.Gate.Set();
        using var expired = await late;
        Assert.Equal(HttpStatusCode.GatewayTimeout, expired.StatusCode);
        Assert.Equal("deadline_exceeded", JsonElement.Parse(await expired.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error").GetProperty("code").GetString());
        using var answered = await patient;
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Equal(1, server.Runner.Executions[^1].Batch);
        Assert.Equal(1, await server.CountAsync("expired"));
    }

    [Fact]
    public async Task The_servers_own_deadline_holds_where_a_request_names_none()
    {
        await using var server = await GatedServer.StartAsync(model, "--timeout=1ms");
        server.Occupy();
        var late = PostAsync(server, OpenAi, """{"input":"late"}""");
        await server.WaitForWaitingAsync(1);
        server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        server.Runner.Gate.Set();
        using var expired = await late;
        Assert.Equal(HttpStatusCode.GatewayTimeout, expired.StatusCode);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1s")]
    [InlineData("0s")]
    [InlineData("5")]
    [InlineData("3601s")]
    [InlineData("10000000000s")]
    public async Task A_deadline_that_is_no_time_or_too_long_is_refused_with_the_limit(string deadline)
    {
        await using var server = await GatedServer.StartAsync(model);
        using var response = await PostAsync(server, OpenAi, """{"input":"a"}""", ("X-Request-Timeout", deadline));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("at most 1h", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_longest_deadline_is_taken()
    {
        await using var server = await GatedServer.StartAsync(model);
        using var response = await PostAsync(server, OpenAi, """{"input":"a"}""", ("X-Request-Timeout", "1h"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_client_that_leaves_takes_its_texts_along()
    {
        await using var server = await GatedServer.StartAsync(model);
        server.Occupy();
        using var leaving = new CancellationTokenSource();
        var left = PostAsync(server, OpenAi, """{"input":["one","two","three"]}""", leaving.Token);
        var staying = PostAsync(server, OpenAi, """{"input":"whale"}""");
        await server.WaitForWaitingAsync(4);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await server.WaitForWaitingAsync(1);
        server.Runner.Gate.Set();
        using var answer = await staying;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((1, 3), server.Runner.Executions[^1]);
        Assert.Equal(1, await server.CountAsync("cancelled"));
    }

    [Fact]
    public async Task A_client_that_leaves_while_its_texts_are_executed_harms_nobody()
    {
        await using var server = await GatedServer.StartAsync(model);
        server.Close();
        using var leaving = new CancellationTokenSource();
        var left = PostAsync(server, OpenAi, """{"input":"gone"}""", leaving.Token);
        server.Runner.Began.Wait(TestContext.Current.CancellationToken);
        var staying = PostAsync(server, OpenAi, """{"input":"whale"}""");
        await server.WaitForWaitingAsync(1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        server.Runner.Gate.Set();
        using var answer = await staying;
        var embedding = Embeddings.Of(JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), 0);
        Assert.Equal([101, 101 + 13156 + 102, 3], embedding);
    }

    private static async Task<HttpResponseMessage> PostAsync(GatedServer server, string path, string body, params (string Name, string Value)[] headers)
    {
        using var content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        foreach (var (name, value) in headers) content.Headers.Add(name, value);
        return await server.Server.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
    }

    private static async Task<HttpResponseMessage> PostAsync(GatedServer server, string path, string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json"));
        return await server.Server.Client.PostAsync(path, content, cancellationToken);
    }
}
