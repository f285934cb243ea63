using System.Text.Json;
using ServeBench.OnnxServer.Tests.Generation;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Clients;

/// <summary>
/// Clients of texts that nobody here wrote: npm's <c>openai</c>, curl, Python's <c>websockets</c>. Each must get the right text as it comes,
/// and each that leaves in the middle frees its slot.
/// </summary>
public sealed class TextClientTests(TinyGenerator model) : IClassFixture<TinyGenerator>
{
    private const string Prompt = "Call me Ishmael. Some years ago";
    private const int Count = 20;

    /// <summary>More than are made before a leaving client is noticed: each call of the model waits.</summary>
    private const int Long = 100;

    /// <summary>What the fake model continues with tokens that all have a text.</summary>
    private static readonly int[] Known = [1, 2];

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private string Right => model.Tokenizer.Decode([.. model.Continue(model.Tokens(Prompt), Count)]);

    private static string Folder => Path.Combine(Repository.Root, "tests", "ServeBench.OnnxServer.Tests", "Clients");

    [Theory]
    [Lane("node")]
    [InlineData("completion")]
    [InlineData("stream")]
    [InlineData("usage")]
    [InlineData("conversation")]
    public async Task The_openai_package_gets_the_right_text(string scenario)
    {
        await using var server = await RunningServer.StartAsync(model.Folder);
        using var client = OpenAi(scenario, server.Client.BaseAddress!, Prompt, Count);
        var answer = await client.AnswerAsync();
        var right = scenario == "conversation"
            ? model.Tokenizer.Decode([.. model.Continue(model.Tokens($"user: {Prompt}\nassistant:"), Count)])
            : Right;
        Assert.Equal(right, answer.GetProperty("text").GetString());
        if (answer.TryGetProperty("finish", out var finish)) Assert.Equal("length", finish.GetString());
        if (answer.TryGetProperty("events", out var events)) Assert.InRange(events.GetInt32(), 2, Count);
        if (answer.TryGetProperty("usage", out var usage)) Assert.Equal(Count, usage.GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    [Lane("node")]
    public async Task The_openai_package_is_told_what_is_wrong_though_it_asks_for_a_stream()
    {
        await using var server = await RunningServer.StartAsync(model.Folder);
        using var client = OpenAi("refused", server.Client.BaseAddress!, Prompt, Count);
        await client.AnswerAsync();
    }

    [Fact]
    [Lane("node")]
    public async Task The_openai_package_leaves_a_stream_and_frees_its_slot()
    {
        await using var server = await SlowAsync();
        using var client = OpenAi("leave", server.Server.Client.BaseAddress!, Prompt, Long);
        await client.AnswerAsync();
        await IsFreeAsync(server);
    }

    [Fact]
    public async Task Curl_shows_each_event_as_it_comes()
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        server.Close();
        using var client = Curl(server.Server.Client.BaseAddress!, 3);
        server.Slots.Began.Wait(TestContext.Current.CancellationToken);
        // Each call of the model waits until what the one before has given is seen.
        server.Slots.OnCall = _ => server.Close();
        foreach (var token in FakeSlots.Continue(Known, 3))
        {
            server.Slots.Gate.Set();
            Assert.Equal(model.Tokenizer.Decode([token]), TextOf(await client.Output.ReadLineAsync(TestContext.Current.CancellationToken)));
            Assert.Equal("", await client.Output.ReadLineAsync(TestContext.Current.CancellationToken));
        }
        server.Slots.OnCall = _ => { };
        server.Slots.Gate.Set();
        Assert.Equal("data: [DONE]\n\n", await client.EndAsync());
    }

    [Fact]
    public async Task Curl_that_is_killed_in_the_middle_frees_its_slot()
    {
        await using var server = await SlowAsync();
        using var client = Curl(server.Server.Client.BaseAddress!, Long);
        Assert.NotNull(TextOf(await client.Output.ReadLineAsync(TestContext.Current.CancellationToken)));
        client.Kill();
        await IsFreeAsync(server);
    }

    [Fact]
    [Lane("python")]
    public async Task Pythons_websockets_gets_the_right_text_twice_over_one_connection()
    {
        await using var server = await RunningServer.StartAsync(model.Folder);
        using var client = await WebSocketsAsync("two", server.Client.BaseAddress!, Count);
        var answer = await client.AnswerAsync();
        Assert.Equal(Right, answer.GetProperty("text").GetString());
        Assert.Equal("length", answer.GetProperty("end").GetProperty("finish_reason").GetString());
        Assert.Equal(Count, answer.GetProperty("end").GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    [Lane("python")]
    public async Task Pythons_websockets_is_told_what_is_wrong_and_goes_on()
    {
        await using var server = await RunningServer.StartAsync(model.Folder);
        using var client = await WebSocketsAsync("wrong", server.Client.BaseAddress!, Count);
        var answer = await client.AnswerAsync();
        Assert.Equal(("invalid_request_error", Count + 1), (answer.GetProperty("error").GetString(), answer.GetProperty("messages").GetInt32()));
    }

    [Fact]
    [Lane("python")]
    public async Task Pythons_websockets_closes_in_the_middle_and_frees_its_slot()
    {
        await using var server = await SlowAsync();
        using var client = await WebSocketsAsync("leave", server.Server.Client.BaseAddress!, Long);
        Assert.Equal(1000, (await client.AnswerAsync()).GetProperty("code").GetInt32());
        await IsFreeAsync(server);
    }

    private async Task<FakeServer> SlowAsync()
    {
        var server = await FakeServer.StartAsync(model, 1);
        server.Slots.OnCall = _ => Thread.Sleep(Pace);
        return server;
    }

    /// <summary>What was asked for is given up before its end, and the next has the slot.</summary>
    private static async Task IsFreeAsync(FakeServer server)
    {
        await server.UntilAsync("servebench_sequences_cancelled_total", 1);
        await server.UntilAsync("servebench_sequences_running", 0);
        Assert.InRange(server.Slots.Calls.Count, 1, Long - 1);
        server.Slots.OnCall = _ => { };
        Assert.Equal(200, (await server.PostAsync([1, 2], 2)).Status);
    }

    private static ForeignClient OpenAi(string scenario, Uri address, string prompt, int count)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Repository.NodeModules, "openai")), "the npm package openai is not installed: run npm ci");
        return ForeignClient.Start("node", Path.Combine(Folder, "texts.mjs"), scenario, $"{address}", TinyGenerator.Name, prompt, $"{count}");
    }

    private static ForeignClient Curl(Uri address, int count) => ForeignClient.Start(
        "curl", "-sSN", "--max-time", "60", "-H", "content-type: application/json",
        "-d", JsonSerializer.Serialize(new { prompt = Known, max_tokens = count, ignore_eos = true, stream = true }), $"{new Uri(address, FakeServer.Path)}");

    private static async Task<ForeignClient> WebSocketsAsync(string scenario, Uri address, int count)
    {
        using (var probe = ForeignClient.Start("python3", "-c", "import importlib.util; print(importlib.util.find_spec('websockets') is not None)"))
            Assert.SkipUnless((await probe.EndAsync()).Trim() == "True", "python3 has no module websockets (Debian: python3-websockets)");
        var url = new UriBuilder(address) { Scheme = "ws", Path = "/v1/generate/ws" }.Uri;
        return ForeignClient.Start("python3", Path.Combine(Folder, "texts.py"), scenario, $"{url}", Prompt, $"{count}");
    }

    /// <summary>The text of an event's line.</summary>
    private static string? TextOf(string? line)
    {
        Assert.StartsWith("data: {", line, StringComparison.Ordinal);
        return JsonElement.Parse(line!["data: ".Length..]).GetProperty("choices")[0].GetProperty("text").GetString();
    }
}
