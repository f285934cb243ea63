using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Clients;

/// <summary>Real answers, held against the OpenAPI document that Text Embeddings Inference publishes.</summary>
public sealed class TeiDocumentTests(PreparedMiniLm model, SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;
    private readonly JsonElement _document = PublishedDocument.Read("tei-openapi.json");

    [Theory]
    [InlineData("""{"inputs":"whale"}""", 200)]
    [InlineData("""{"inputs":["whale","a ship"],"normalize":true,"truncate":false}""", 200)]
    [InlineData("""{"inputs":[[101,102],[101,13156,102]]}""", 200)]
    [InlineData("""{"inputs":[101,13156,102],"truncation_direction":"Left","truncate":true}""", 200)]
    [InlineData("""{"inputs":["whale",[101,102]],"dimensions":384,"prompt_name":null}""", 200)]
    [InlineData("""{"inputs":[]}""", 400)]
    [InlineData("""{"inputs":7}""", 400)]
    [InlineData("""{"inputs":["whale"]""", 400)]
    [InlineData("""{"inputs":"a","normalize":false}""", 400)]
    [InlineData("""{"inputs":[99999999]}""", 422)]
    public async Task Embed_answers_as_published(string body, int status)
    {
        var check = new JsonSchemaCheck(_document);
        // What is answered with 200 must be a request that its clients can send.
        if (status == 200) Assert.Empty(check.Check(JsonElement.Parse(body), check.Request("/embed", "post")));
        // The hub's own client sends the same to the address itself.
        foreach (var path in new[] { "/embed", "/" })
        {
            var (actual, answer) = await _server.PostAsync(path, body);
            Assert.Equal(status, actual);
            Assert.Empty(check.Check(answer, check.Response("/embed", "post", status)));
        }
    }

    [Fact]
    public async Task Refusals_for_size_are_as_published()
    {
        var check = new JsonSchemaCheck(_document);
        foreach (var inputs in new object[] { Enumerable.Repeat("a", 41), string.Join(' ', Enumerable.Repeat("whale", 300)), new string('a', 200_000) })
        {
            var (status, answer) = await _server.PostAsync("/embed", JsonSerializer.Serialize(new { inputs }));
            Assert.Equal(413, status);
            Assert.Empty(check.Check(answer, check.Response("/embed", "post", 413)));
        }
    }

    [Fact]
    [Lane("slow")]
    public async Task Overload_is_as_published()
    {
        var check = new JsonSchemaCheck(_document);
        await using var server = await RunningServer.StartAsync(model.Folder, "--max-queue=1", "--max-batch=1", "--threads=1");
        var text = string.Join(' ', Enumerable.Repeat("whale", 250));
        using var refused = await Overload.UntilRefusedAsync(server, "/embed", JsonSerializer.Serialize(new { inputs = text }));
        var answer = JsonElement.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(check.Check(answer, check.Response("/embed", "post", 429)));
        Assert.Equal("Overloaded", answer.GetProperty("error_type").GetString());
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Info_and_health_are_as_published()
    {
        var check = new JsonSchemaCheck(_document);
        var (status, info) = await _server.GetAsync("/info");
        Assert.Equal(200, status);
        Assert.Empty(check.Check(info, check.Response("/info", "get", 200)));
        Assert.Equal(200, (await _server.GetAsync("/health")).Status);
        using var metrics = await _server.Client.GetAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal("text/plain", metrics.Content.Headers.ContentType!.MediaType);
        Assert.Equal("string", check.Response("/metrics", "get", 200, "text/plain").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("""{"input":"whale","model":"all-MiniLM-L6-v2","encoding_format":"float"}""")]
    [InlineData("""{"input":["whale","ship"],"encoding_format":"base64"}""")]
    [InlineData("""{"input":[[101,102]]}""")]
    public async Task Its_OpenAI_interface_is_answered_as_published(string body)
    {
        var check = new JsonSchemaCheck(_document);
        var (status, answer) = await _server.PostAsync("/v1/embeddings", body);
        Assert.Equal(200, status);
        Assert.Empty(check.Check(answer, check.Response("/v1/embeddings", "post", 200)));
    }
}
