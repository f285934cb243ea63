using System.Net;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>Methods and paths that are not those of the protocols, over real sockets.</summary>
public sealed class MethodTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly RunningServer _server = shared.Server;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_is_answered_to_GET_is_to_HEAD_with_the_same_head_and_no_body()
    {
        var paths = _server.Routes.Where(r => r.StartsWith("GET ", StringComparison.Ordinal)).Select(r => r[4..].Replace("{model}", PreparedMiniLm.Name).Replace("{version}", "1")).ToArray();
        Assert.True(paths.Length >= 15, $"{paths.Length} paths");
        foreach (var path in paths)
        {
            using var get = await _server.Client.GetAsync(path, Cancelled);
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using var head = await _server.Client.SendAsync(request, Cancelled);
            Assert.Equal((path, HttpStatusCode.OK), (path, head.StatusCode));
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
            // The metrics change with every request.
            if (path != "/metrics") Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        }
    }

    [Theory]
    [InlineData("HEAD", "/v2/models/gpt/ready", 404)]
    [InlineData("HEAD", "/nothing", 404)]
    [InlineData("HEAD", "/embed", 405)]
    public async Task HEAD_of_what_is_not_there_says_so(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await _server.Client.SendAsync(request, Cancelled);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Theory]
    [InlineData("GET", "/v2/nothing", 404, null, "open-inference")]
    [InlineData("GET", "/v2/nothing.json", 404, null, "open-inference")]
    [InlineData("GET", "/v2/", 200, null, null)]
    [InlineData("POST", "/v2", 405, "GET, HEAD", "open-inference")]
    [InlineData("POST", "/v2/health/ready", 405, "GET, HEAD", "open-inference")]
    [InlineData("GET", "/v2/models/all-MiniLM-L6-v2/infer", 405, "POST", "open-inference")]
    [InlineData("PUT", "/v2/models/all-MiniLM-L6-v2/versions/1/infer", 405, "POST", "open-inference")]
    [InlineData("GET", "/v2/models/all-MiniLM-L6-v2/nothing", 404, null, "open-inference")]
    [InlineData("GET", "/v2/models", 404, null, "open-inference")]
    [InlineData("GET", "/v2/repository/index", 405, "POST", "open-inference")]
    [InlineData("GET", "/v2/trace/setting", 404, null, "open-inference")]
    [InlineData("GET", "/v2/systemsharedmemory/status", 404, null, "open-inference")]
    [InlineData("POST", "/v2/systemsharedmemory/region/r/register", 404, null, "open-inference")]
    [InlineData("GET", "/V2/nothing", 404, null, "open-inference")]
    [InlineData("GET", "/embed", 405, "POST", "tei")]
    [InlineData("DELETE", "/", 405, "POST, GET, HEAD", "tei")]
    [InlineData("POST", "/info", 405, "GET, HEAD", "tei")]
    [InlineData("POST", "/rerank", 404, null, "tei")]
    [InlineData("POST", "/embed_sparse", 404, null, "tei")]
    [InlineData("GET", "/v1/embeddings", 405, "POST", "openai")]
    [InlineData("POST", "/v1/models", 405, "GET, HEAD", "openai")]
    [InlineData("POST", "/v1/chat/completions", 404, null, "openai")]
    [InlineData("GET", "/nothing", 404, null, "openai")]
    [InlineData("GET", "/v20", 404, null, "openai")]
    [InlineData("POST", "//v2/models/all-MiniLM-L6-v2/infer", 404, null, "open-inference")]
    [InlineData("POST", "//embed", 404, null, "tei")]
    [InlineData("POST", "//v1/embeddings", 404, null, "openai")]
    [InlineData("GET", "/embedding", 404, null, "openai")]
    [InlineData("OPTIONS", "/v1/embeddings", 405, "POST", "openai")]
    [InlineData("BREW", "/v1/embeddings", 405, "POST", "openai")]
    public async Task Others_are_refused_in_the_shape_of_the_protocol_that_the_path_belongs_to(string method, string path, int status, string? allowed, string? protocol)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri($"{_server.Client.BaseAddress!.ToString().TrimEnd('/')}{path}"));
        using var answer = await _server.Client.SendAsync(request, Cancelled);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(allowed, answer.Content.Headers.Allow.Count == 0 ? null : string.Join(", ", answer.Content.Headers.Allow));
        if (protocol is null) return;
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(protocol, ShapeOf(error));
    }

    private static string ShapeOf(JsonElement body)
    {
        var error = body.GetProperty("error");
        if (error.ValueKind == JsonValueKind.Object) return error.GetProperty("message").ValueKind == JsonValueKind.String && error.TryGetProperty("type", out _) ? "openai" : "?";
        return body.TryGetProperty("error_type", out _) ? "tei" : error.GetString()!.Length > 0 ? "open-inference" : "?";
    }
}
