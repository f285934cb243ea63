using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Hosting;

public sealed class GracefulEndTests(PreparedMiniLm model)
{
    private const string Path = "/v1/embeddings";

    [Fact]
    [Lane("slow")]
    public async Task Readiness_turns_false_first_while_requests_are_still_answered()
    {
        await using var server = await GatedServer.StartAsync(model, "--drain-time=5s");
        var client = server.Server;
        Assert.Equal(200, (await client.GetAsync("/v2/health/ready")).Status);
        var ending = client.StopAsync();
        foreach (var path in new[] { "/v2/health/ready", $"/v2/models/{PreparedMiniLm.Name}/ready", "/health" })
            Assert.Equal(503, (await client.GetAsync(path)).Status);
        Assert.Equal(200, (await client.GetAsync("/v2/health/live")).Status);
        using var content = new StringContent("""{"input":"a"}""", MediaTypeHeaderValue.Parse("application/json"));
        using var answer = await client.Client.PostAsync(Path, content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        // So that the next request goes where there is somebody.
        Assert.True(answer.Headers.ConnectionClose);
        await ending;
    }

    [Fact]
    public async Task What_was_taken_is_finished_and_the_rest_is_refused()
    {
        await using var server = await GatedServer.StartAsync(model);
        server.Occupy();
        var taken = Enumerable.Range(0, 8).Select(i => server.Server.PostAsync(Path, $$"""{"input":"{{new string('a', i + 1)}}"}""")).ToArray();
        await server.WaitForWaitingAsync(taken.Length);
        // A connection that is open already: new ones are taken until the end, too.
        var ending = server.Server.StopAsync();
        var (status, refusal) = await server.Server.PostAsync(Path, """{"input":"late"}""");
        Assert.Equal(503, status);
        Assert.Equal("stopping", refusal.GetProperty("error").GetProperty("code").GetString());
        Assert.False(ending.IsCompleted);
        server.Runner.Gate.Set();
        foreach (var request in taken) Assert.Equal(200, (await request).Status);
        await ending;
    }

    [Fact]
    [Lane("slow")]
    public async Task SIGTERM_under_load_loses_no_request_that_was_taken()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no SIGTERM on Windows");
        await using var server = await RunningProgram.StartAsync($"--model={model.Folder}", "--threads=1", "--max-batch=8");
        var expected = Enumerable.Range(0, 16).Select(i => model.Embed(Text(i))).ToArray();
        int answered = 0, refused = 0, ended = 0;
        var loaded = new TaskCompletionSource();
        var clients = Enumerable.Range(0, 16).Select(async i =>
        {
            while (true)
            {
                try
                {
                    using var content = new StringContent(JsonSerializer.Serialize(new { input = Text(i) }), MediaTypeHeaderValue.Parse("application/json"));
                    using var response = await server.Client.PostAsync(Path, content);
                    if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                    {
                        Interlocked.Increment(ref refused);
                        continue;
                    }
                    Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                    Embeddings.AssertSame(expected[i], Embeddings.Of(JsonElement.Parse(await response.Content.ReadAsStringAsync()), 0));
                    if (Interlocked.Increment(ref answered) == 64) loaded.SetResult();
                }
                catch (HttpRequestException)
                {
                    // Nobody listens any more. Whether this request had been taken, the server's own count tells.
                    Interlocked.Increment(ref ended);
                    return;
                }
            }
        }).ToArray();
        await loaded.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        server.Terminate();
        await Task.WhenAll(clients);
        await server.WaitForExitAsync();

        Assert.Equal(0, server.ExitCode);
        Assert.Equal(16, ended);
        const string Told = "Every request that was taken has been answered: ";
        var line = Assert.Single(server.Log, l => l.Contains(Told, StringComparison.Ordinal));
        var taken = int.Parse(line.AsSpan(line.IndexOf(Told, StringComparison.Ordinal) + Told.Length).ToString().Split(' ')[0]);
        Assert.Equal(taken, answered);
    }

    private static string Text(int i) => string.Join(' ', Enumerable.Repeat("whale", 1 + i * 5));
}
