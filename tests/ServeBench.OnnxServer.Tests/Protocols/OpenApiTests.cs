using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>The document that the server serves about itself, held against what it does.</summary>
public sealed class OpenApiTests(SharedServer shared, PreparedMiniLm texts, TinyGenerator generator) : IClassFixture<SharedServer>, IClassFixture<TinyGenerator>
{
    private readonly RunningServer _server = shared.Server;

    [Fact]
    [Lane("slow")]
    public async Task It_describes_every_path_that_is_answered_and_no_other()
    {
        // A model of each kind: what belongs to a kind is answered where one of it is served.
        using var images = new SmallClassifier();
        await using var server = await RunningServer.StartAsync(texts.Folder, $"--model={images.Folder}", $"--model={generator.Folder}");
        var (status, document) = await server.GetAsync("/openapi.json");
        Assert.Equal(200, status);
        Assert.Equal("3.0.3", document.GetProperty("openapi").GetString());
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} {p.Name}"));
        Assert.Equal(server.Routes.Order(), described.Order());
    }

    [Fact]
    public async Task Every_reference_in_it_leads_somewhere()
    {
        var (_, document) = await _server.GetAsync("/openapi.json");
        var references = new List<string>();
        Collect(document);
        Assert.NotEmpty(references);
        Assert.All(references, reference =>
        {
            var at = document;
            foreach (var part in reference.Split('/').Skip(1)) Assert.True(at.TryGetProperty(part, out at), reference);
        });

        void Collect(JsonElement at)
        {
            if (at.ValueKind == JsonValueKind.Array) foreach (var item in at.EnumerateArray()) Collect(item);
            if (at.ValueKind != JsonValueKind.Object) return;
            foreach (var member in at.EnumerateObject())
            {
                if (member.Name == "$ref") references.Add(member.Value.GetString()!);
                else Collect(member.Value);
            }
        }
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"input":"a"}""", 200)]
    [InlineData("/v1/embeddings", """{"input":["a","b"],"encoding_format":"base64","model":null}""", 200)]
    [InlineData("/v1/embeddings", """{"input":[[101,102],[101]]}""", 200)]
    [InlineData("/v1/embeddings", """{"input":""}""", 400)]
    [InlineData("/v1/embeddings", """{"input":"a","model":"gpt"}""", 404)]
    [InlineData("/embed", """{"inputs":"a"}""", 200)]
    [InlineData("/embed", """{"inputs":["a",[101,102]],"truncate":true,"truncation_direction":"left"}""", 200)]
    [InlineData("/embed", """{"inputs":[]}""", 400)]
    [InlineData("/embed", """{"inputs":[-1]}""", 422)]
    [InlineData("/", """{"inputs":"a","truncation_direction":null}""", 200)]
    [InlineData("/v2/models/{model}/infer", """{"id":null,"parameters":{"binary_data_output":null,"timeout":1000000},"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"]}]}""", 200)]
    [InlineData("/v2/repository/index", """{"ready":true}""", 200)]
    [InlineData("/v2/repository/models/{model}/load", "{}", 503)]
    [InlineData("/v2/models/{model}/infer", """{"id":"x","inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"]}]}""", 200)]
    [InlineData("/v2/models/{model}/infer", """{"inputs":[]}""", 400)]
    [InlineData("/v2/models/{model}/versions/{version}/infer", """{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,2],"data":[[101,102]]}]}""", 200)]
    public async Task Requests_and_answers_are_as_it_says(string path, string body, int status)
    {
        var (_, document) = await _server.GetAsync("/openapi.json");
        var check = new JsonSchemaCheck(document);
        if (status == 200) Assert.Empty(check.Check(JsonElement.Parse(body), check.Request(path, "post")));
        var (actual, answer) = await _server.PostAsync(Actual(path), body);
        Assert.Equal(status, actual);
        Assert.Empty(check.Check(answer, check.Response(path, "post", status)));
    }

    [Theory]
    [InlineData("/v1/classify", """{"images":["IMAGE","IMAGE"],"top_k":3,"logits":true,"model":null}""", 200)]
    [InlineData("/v1/classify", """{"image":"IMAGE"}""", 200)]
    [InlineData("/v1/classify", """{"image":"AAAA"}""", 400)]
    [InlineData("/v1/classify", """{"image":"IMAGE","model":"nobody"}""", 404)]
    [InlineData("/v2/models/{model}/infer", """{"inputs":[{"name":"encoded","datatype":"BYTES","shape":[1],"data":["IMAGE"]}],"outputs":[{"name":"logits"}]}""", 200)]
    [Lane("slow")]
    public async Task Requests_about_images_and_their_answers_are_as_it_says(string path, string body, int status)
    {
        using var images = new SmallClassifier();
        await using var server = await RunningServer.StartAsync(images.Folder);
        var (_, document) = await server.GetAsync("/openapi.json");
        var check = new JsonSchemaCheck(document);
        body = body.Replace("IMAGE", Convert.ToBase64String(Images.RecordedImages.Read("420.jpg")));
        if (status == 200) Assert.Empty(check.Check(JsonElement.Parse(body), check.Request(path, "post")));
        var (actual, answer) = await server.PostAsync(path.Replace("{model}", SmallClassifier.Name), body);
        Assert.Equal(status, actual);
        Assert.Empty(check.Check(answer, check.Response(path, "post", status)));
    }

    [Theory]
    [InlineData("/v1/completions", """{"prompt":"a","max_tokens":3,"stop":["x","y"],"temperature":0,"seed":1,"stream":false,"ignore_eos":true,"model":null,"n":1}""", 200)]
    [InlineData("/v1/completions", """{"prompt":[[1,2],[3]],"max_tokens":2,"stop":"x","stream_options":{"include_usage":true}}""", 200)]
    [InlineData("/v1/completions", """{"prompt":""}""", 400)]
    [InlineData("/v1/completions", """{"prompt":"a","model":"nobody"}""", 404)]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":[{"type":"text","text":"a"}]}],"max_completion_tokens":2}""", 200)]
    [InlineData("/v1/chat/completions", """{"messages":[]}""", 400)]
    [InlineData("/generate", """{"inputs":"a","parameters":{"max_new_tokens":2,"details":true,"do_sample":true,"seed":3,"stop":["x"]}}""", 200)]
    [InlineData("/generate", """{"inputs":"a","parameters":{"max_new_tokens":0}}""", 422)]
    [InlineData("/generate_stream", """{"inputs":""}""", 422)]
    public async Task Requests_for_texts_and_their_answers_are_as_it_says(string path, string body, int status)
    {
        await using var server = await RunningServer.StartAsync(generator.Folder);
        var (_, document) = await server.GetAsync("/openapi.json");
        var check = new JsonSchemaCheck(document);
        if (status == 200) Assert.Empty(check.Check(JsonElement.Parse(body), check.Request(path, "post")));
        var (actual, answer) = await server.PostAsync(path, body);
        Assert.Equal(status, actual);
        Assert.Empty(check.Check(answer, check.Response(path, "post", status)));
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/v1/models/{model}")]
    [InlineData("/info")]
    [InlineData("/health")]
    [InlineData("/v2")]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    [InlineData("/v2/models/{model}")]
    [InlineData("/")]
    [InlineData("/v2/models/stats")]
    [InlineData("/v2/models/{model}/config")]
    [InlineData("/v2/models/{model}/stats")]
    [InlineData("/v2/models/{model}/versions/{version}/config")]
    [InlineData("/v2/models/{model}/versions/{version}/stats")]
    [InlineData("/v2/models/{model}/ready")]
    [InlineData("/v2/models/{model}/versions/{version}")]
    [InlineData("/v2/models/{model}/versions/{version}/ready")]
    public async Task What_is_asked_about_models_is_as_it_says(string path)
    {
        var (_, document) = await _server.GetAsync("/openapi.json");
        var check = new JsonSchemaCheck(document);
        var (status, answer) = await _server.GetAsync(Actual(path));
        Assert.Equal(200, status);
        Assert.Empty(check.Check(answer, check.Response(path, "get", 200)));
    }

    [Fact]
    public async Task A_body_that_is_too_large_has_the_shape_that_it_says()
    {
        var (_, document) = await _server.GetAsync("/openapi.json");
        var check = new JsonSchemaCheck(document);
        foreach (var path in new[] { "/v1/embeddings", "/embed", "/", "/v2/models/{model}/infer", "/v2/repository/index" })
        {
            using var content = new ByteArrayContent(new byte[200_000]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await _server.Client.PostAsync(Actual(path), content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Empty(check.Check(answer, check.Response(path, "post", 413)));
        }
    }

    private static string Actual(string path) => path.Replace("{model}", PreparedMiniLm.Name).Replace("{version}", "1");
}
