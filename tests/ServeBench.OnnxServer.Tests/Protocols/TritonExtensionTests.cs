using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>Triton's extensions of the protocol, which its client and perf_analyzer ask for: configuration, statistics, repository.</summary>
public sealed class TritonExtensionTests(PreparedMiniLm model)
{
    private const string Model = $"/v2/models/{PreparedMiniLm.Name}";

    [Fact]
    [Lane("slow")]
    public async Task The_configuration_and_the_metadata_fit_together_as_perf_analyzer_reads_them()
    {
        await using var server = await RunningServer.StartAsync(model.Folder, "--max-batch=16", "--max-delay=2ms", "--instances=1", "--threads=1");
        var (_, metadata) = await server.GetAsync(Model);
        var (status, config) = await server.GetAsync($"{Model}/config");
        Assert.Equal(200, status);
        Assert.Equal(config.GetRawText(), (await server.GetAsync($"{Model}/versions/1/config")).Body.GetRawText());
        Assert.Equal(PreparedMiniLm.Name, config.GetProperty("name").GetString());
        Assert.Equal(16, config.GetProperty("max_batch_size").GetInt32());
        Assert.Equal(2000, config.GetProperty("dynamic_batching").GetProperty("max_queue_delay_microseconds").GetInt32());
        Assert.Equal(1, config.GetProperty("instance_group")[0].GetProperty("count").GetInt32());
        Assert.Equal("KIND_CPU", config.GetProperty("instance_group")[0].GetProperty("kind").GetString());
        // What it stops at: a tensor of the one that the other lacks, or dimensions that differ beyond the rows.
        foreach (var (inConfig, inMetadata) in new[] { ("input", "inputs"), ("output", "outputs") })
        {
            var tensors = metadata.GetProperty(inMetadata).EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!);
            Assert.Equal(tensors.Keys, config.GetProperty(inConfig).EnumerateArray().Select(t => t.GetProperty("name").GetString()!));
            foreach (var tensor in config.GetProperty(inConfig).EnumerateArray())
            {
                Assert.False(tensor.GetProperty("is_shape_tensor").GetBoolean());
                Assert.Equal(
                    tensors[tensor.GetProperty("name").GetString()!].GetProperty("shape").EnumerateArray().Skip(1).Select(d => d.GetInt32()),
                    tensor.GetProperty("dims").EnumerateArray().Select(d => d.GetInt32()));
            }
        }
        Assert.All(config.GetProperty("input").EnumerateArray(), input => Assert.True(input.GetProperty("optional").GetBoolean()));
        var text = metadata.GetProperty("inputs").EnumerateArray().Single(i => i.GetProperty("name").GetString() == "text");
        Assert.Equal(("BYTES", "[-1,1]"), (text.GetProperty("datatype").GetString(), text.GetProperty("shape").GetRawText()));
        Assert.Contains("statistics", (await server.GetAsync("/v2")).Body.GetProperty("extensions").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(404, (await server.GetAsync("/v2/models/gpt/config")).Status);
    }

    [Fact]
    [Lane("slow")]
    public async Task Without_batching_the_configuration_has_none()
    {
        await using var server = await RunningServer.StartAsync(model.Folder, "--batching=none");
        Assert.False((await server.GetAsync($"{Model}/config")).Body.TryGetProperty("dynamic_batching", out _));
    }

    [Fact]
    [Lane("slow")]
    public async Task Before_the_first_request_the_statistics_are_those_that_Triton_sends()
    {
        await using var server = await RunningServer.StartAsync(model.Folder);
        // Recorded from Triton 2.51.0, for a model of this name.
        const string Recorded = """
            {"model_stats":[{"name":"all-MiniLM-L6-v2","version":"1","last_inference":0,"inference_count":0,"execution_count":0,"inference_stats":{"success":{"count":0,"ns":0},"fail":{"count":0,"ns":0},"queue":{"count":0,"ns":0},"compute_input":{"count":0,"ns":0},"compute_infer":{"count":0,"ns":0},"compute_output":{"count":0,"ns":0},"cache_hit":{"count":0,"ns":0},"cache_miss":{"count":0,"ns":0}},"response_stats":{},"batch_stats":[],"memory_usage":[]}]}
            """;
        foreach (var path in new[] { $"{Model}/stats", $"{Model}/versions/1/stats", "/v2/models/stats" })
            Assert.Equal(Recorded.Trim(), (await server.GetAsync(path)).Body.GetRawText());
        foreach (var path in new[] { "/v2/models/gpt/stats", $"{Model}/versions/2/stats" })
            Assert.Equal(404, (await server.GetAsync(path)).Status);
    }

    [Fact]
    [Lane("slow")]
    public async Task Statistics_count_requests_texts_and_executions_of_each_size()
    {
        await using var server = await RunningServer.StartAsync(model.Folder, "--threads=1");
        // Alone, one after the other: three of one text, two of three texts of the same length.
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await server.PostAsync("/embed", """{"inputs":"whale"}""")).Status);
        for (var i = 0; i < 2; i++) Assert.Equal(200, (await server.PostAsync("/v1/embeddings", """{"input":["whale","whale","whale"]}""")).Status);
        // What is not understood is the client's fault, and no failure of the model.
        Assert.Equal(400, (await server.PostAsync($"{Model}/infer", "{}")).Status);
        var stats = await StatisticsAsync(server, successes: 5);
        Assert.Equal((9, 5), (stats.GetProperty("inference_count").GetInt32(), stats.GetProperty("execution_count").GetInt32()));
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(stats.GetProperty("last_inference").GetInt64()), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.Equal([(1, 3), (3, 2)], stats.GetProperty("batch_stats").EnumerateArray().Select(b => (b.GetProperty("batch_size").GetInt32(), b.GetProperty("compute_infer").GetProperty("count").GetInt32())));
        var parts = stats.GetProperty("inference_stats");
        Assert.Equal(0, parts.GetProperty("fail").GetProperty("count").GetInt32());
        string[] names = ["queue", "compute_input", "compute_infer", "compute_output"];
        Assert.All(names, name => Assert.Equal(5, parts.GetProperty(name).GetProperty("count").GetInt32()));
        // perf_analyzer takes the parts from the whole, and calls the rest overhead.
        var whole = Nanoseconds(parts.GetProperty("success"));
        Assert.InRange(names.Sum(name => Nanoseconds(parts.GetProperty(name))), 1, whole);
        // Every request was one execution, so that both ways of counting have seen the same time.
        Assert.Equal(Nanoseconds(parts.GetProperty("compute_infer")), stats.GetProperty("batch_stats").EnumerateArray().Sum(b => Nanoseconds(b.GetProperty("compute_infer"))));
    }

    [Fact]
    public async Task Texts_that_wait_share_an_execution_and_the_statistics_say_so()
    {
        await using var server = await GatedServer.StartAsync(model, "--grouping=arrival", "--max-batch=8");
        server.Runner.Gate.Reset();
        server.Runner.Began.Reset();
        var first = server.Server.PostAsync("/embed", """{"inputs":[101]}""");
        Assert.True(server.Runner.Began.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        var others = Enumerable.Range(0, 5).Select(_ => server.Server.PostAsync("/embed", """{"inputs":[101]}""")).ToArray();
        await server.WaitForWaitingAsync(5);
        server.Runner.Gate.Set();
        await Task.WhenAll([first, .. others]);
        var stats = (await server.Server.GetAsync($"{Model}/stats")).Body.GetProperty("model_stats")[0];
        Assert.Equal((6, 2), (stats.GetProperty("inference_count").GetInt32(), stats.GetProperty("execution_count").GetInt32()));
        Assert.Equal([(1, 1), (5, 1)], stats.GetProperty("batch_stats").EnumerateArray().Select(b => (b.GetProperty("batch_size").GetInt32(), b.GetProperty("compute_infer").GetProperty("count").GetInt32())));
    }

    [Fact]
    public async Task A_timeout_of_the_request_counts_as_its_deadline()
    {
        await using var server = await GatedServer.StartAsync(model, "--max-batch=1");
        server.Runner.Gate.Reset();
        server.Runner.Began.Reset();
        const string Body = """{"parameters":{"timeout":LIMIT},"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,1],"data":[101]}]}""";
        var first = server.Server.PostAsync($"{Model}/infer", Body.Replace("LIMIT", "0"));
        Assert.True(server.Runner.Began.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        var limited = server.Server.PostAsync($"{Model}/infer", Body.Replace("LIMIT", "50000"));
        var patient = server.Server.PostAsync($"{Model}/infer", Body.Replace("LIMIT", "20000000"));
        await server.WaitForWaitingAsync(2);
        server.Clock.Advance(TimeSpan.FromMilliseconds(60));
        server.Runner.Gate.Set();
        var answers = await Task.WhenAll(first, limited, patient);
        Assert.Equal([200, 504, 200], answers.Select(a => a.Status));
    }

    [Fact]
    [Lane("slow")]
    public async Task The_repository_lists_what_is_served_and_loads_nothing_else()
    {
        await using var server = await RunningServer.StartAsync(model.Folder);
        foreach (var body in new[] { "", "{}", """{"ready":true}""", """{"ready":null}""" })
            Assert.Equal("""[{"name":"all-MiniLM-L6-v2","version":"1","state":"READY"}]""", (await server.PostAsync("/v2/repository/index", body)).Body.GetRawText());
        Assert.Equal(400, (await server.PostAsync("/v2/repository/index", "{")).Status);
        foreach (var action in new[] { "load", "unload" })
        {
            var (status, answer) = await server.PostAsync($"/v2/repository/models/{PreparedMiniLm.Name}/{action}", "{}");
            Assert.Equal(503, status);
            Assert.StartsWith("explicit model load / unload is not allowed", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
        }
    }

    /// <summary>A request is counted when its answer has left, which its client may see sooner.</summary>
    private static async Task<JsonElement> StatisticsAsync(RunningServer server, int successes)
    {
        var stats = default(JsonElement);
        await Eventually.HoldsAsync(
            async () =>
            {
                stats = (await server.GetAsync($"{Model}/stats")).Body.GetProperty("model_stats")[0];
                return stats.GetProperty("inference_stats").GetProperty("success").GetProperty("count").GetInt32() == successes;
            },
            $"{successes} successes are counted");
        return stats;
    }

    private static long Nanoseconds(JsonElement counted) => counted.GetProperty("ns").GetInt64();
}
