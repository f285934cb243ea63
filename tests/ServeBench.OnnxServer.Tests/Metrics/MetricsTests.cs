using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ServeBench.OnnxServer.Metrics;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Metrics;

public sealed partial class MetricsTests(PreparedMiniLm model)
{
    [Fact]
    public async Task What_happens_is_counted()
    {
        await using var server = await GatedServer.StartAsync(model);
        var client = server.Server;
        server.Close();
        var answering = client.PostAsync("/v1/embeddings", """{"input":["whale","a"]}""");
        server.Runner.Began.Wait(TestContext.Current.CancellationToken);
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        server.Runner.Gate.Set();
        await answering;
        await client.PostAsync("/embed", """{"inputs":7}""");
        var values = await ValuesAsync(client);
        Assert.Equal(1, values["servebench_requests_total{protocol=\"openai\",outcome=\"success\"}"]);
        Assert.Equal(1, values["servebench_requests_total{protocol=\"tei\",outcome=\"invalid\"}"]);
        Assert.Equal(2, values["servebench_inferences_total{model=\"all-MiniLM-L6-v2\"}"]);
        Assert.Equal(6, values["servebench_tokens_total{model=\"all-MiniLM-L6-v2\"}"]);
        Assert.Equal(0, values["servebench_queue_depth{model=\"all-MiniLM-L6-v2\"}"]);
        Assert.Equal(1, values["servebench_request_seconds_count"]);
        Assert.Equal(2, values["servebench_request_seconds_sum"]);
        Assert.Equal(2, values["servebench_inference_seconds_sum{model=\"all-MiniLM-L6-v2\"}"]);
        Assert.Equal(0, values["servebench_queue_seconds_sum"]);
        // Both texts of the request were executed at once: it is observed once, however many texts and executions there are.
        Assert.Equal((1, 2), (values["servebench_execute_seconds_count"], values["servebench_execute_seconds_sum"]));
        foreach (var histogram in new[] { "servebench_input_seconds", "servebench_queue_seconds", "servebench_serialize_seconds" })
            Assert.True(values[$"{histogram}_count"] >= 1, histogram);
        foreach (var histogram in new[] { "servebench_inference_seconds", "servebench_batch_items", "servebench_batch_padding_ratio" })
            Assert.Equal(values["servebench_executions_total{model=\"all-MiniLM-L6-v2\"}"], values[$"{histogram}_count{{model=\"all-MiniLM-L6-v2\"}}"]);
        Assert.True(values["process_resident_memory_bytes"] > 0);
        Assert.Equal(1, values[$"servebench_runtime_info{{name=\"ONNX Runtime\",version=\"{Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetVersionString()}\"}}"]);
    }

    [Fact]
    public async Task The_queue_shows_its_depth()
    {
        await using var server = await GatedServer.StartAsync(model);
        server.FillQueue();
        Assert.Equal(1, (await ValuesAsync(server.Server))["servebench_queue_depth{model=\"all-MiniLM-L6-v2\"}"]);
    }

    [Fact]
    public async Task The_text_is_what_Prometheus_reads()
    {
        await using var server = await GatedServer.StartAsync(model);
        using var response = await server.Server.Client.GetAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var lines = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var types = new Dictionary<string, string>();
        foreach (var line in lines.Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal))) Assert.True(types.TryAdd(line.Split(' ')[2], line.Split(' ')[3]), line);
        Assert.All(lines.Where(l => !l.StartsWith('#')), line =>
        {
            var match = Sample().Match(line);
            Assert.True(match.Success, line);
            var name = match.Groups["name"].Value;
            var family = types.ContainsKey(name) ? name : Suffix().Replace(name, "");
            Assert.True(types.ContainsKey(family), line);
        });
        // Every histogram's last bucket holds everything.
        foreach (var family in types.Where(t => t.Value == "histogram").Select(t => t.Key))
        {
            string Last(string suffix) => lines.Last(l => l.StartsWith(family + suffix, StringComparison.Ordinal)).Split(' ')[^1];
            Assert.Equal(Last("_count"), Last("_bucket"));
        }
    }

    [Fact]
    public async Task Answers_say_where_their_time_went()
    {
        await using var server = await GatedServer.StartAsync(model);
        using var content = new StringContent("""{"input":"whale"}""", MediaTypeHeaderValue.Parse("application/json"));
        using var response = await server.Server.Client.PostAsync("/v1/embeddings", content, TestContext.Current.CancellationToken);
        Assert.Matches(@"^input;dur=[\d.]+, queue;dur=[\d.]+, inference;dur=[\d.]+, serialize;dur=[\d.]+$", response.Headers.GetValues("Server-Timing").Single());
    }

    [Fact]
    public void Values_fall_into_the_bucket_whose_bound_they_do_not_exceed()
    {
        var histogram = new Histogram([1, 2]);
        foreach (var value in new[] { 0.5, 1, 1.5, 2, 2.5 }) histogram.Observe(value);
        Assert.Equal([2, 2, 1], histogram.Counts());
        Assert.Equal(7.5, histogram.Sum);
    }

    private static async Task<Dictionary<string, double>> ValuesAsync(RunningServer server) =>
        (await server.Client.GetStringAsync("/metrics")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith('#'))
            .ToDictionary(l => l[..l.LastIndexOf(' ')], l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    [GeneratedRegex("""^(?<name>[a-z_]+)(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? ([0-9.eE+-]+|NaN)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
