using System.Runtime.InteropServices;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>The OpenAI interface over real sockets.</summary>
public sealed class OpenAiTests(PreparedMiniLm model, SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Path = "/v1/embeddings";

    private readonly RunningServer _server = shared.Server;

    [Fact]
    public async Task A_text_is_answered_as_OpenAI_answers()
    {
        var (status, body) = await _server.PostAsync(Path, """{"input":"The ship sailed at dawn.","model":"all-MiniLM-L6-v2","user":"someone"}""");

        Assert.Equal(200, status);
        Assert.Equal("list", body.GetProperty("object").GetString());
        Assert.Equal("all-MiniLM-L6-v2", body.GetProperty("model").GetString());
        var item = Assert.Single(body.GetProperty("data").EnumerateArray());
        Assert.Equal("embedding", item.GetProperty("object").GetString());
        Assert.Equal(0, item.GetProperty("index").GetInt32());
        var tokens = model.Tokenizer.CountTokens("The ship sailed at dawn.");
        Assert.Equal(tokens, body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(tokens, body.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Embeddings.AssertSame(model.Embed("The ship sailed at dawn."), Embeddings.Of(body, 0));
    }

    [Fact]
    public async Task The_references_of_the_model_are_reproduced()
    {
        foreach (var reference in model.Session.Manifest.References)
        {
            var (_, body) = await _server.PostAsync(Path, Body(JsonSerializer.Serialize(reference.Text, JsonSerializerOptions.Web)));
            Embeddings.AssertSame([.. reference.Embedding], Embeddings.Of(body, 0));
        }
    }

    [Fact]
    public async Task Texts_are_answered_in_their_order()
    {
        string[] texts = ["whale", "a longer text about a ship", "x"];
        var (_, body) = await _server.PostAsync(Path, Body(JsonSerializer.Serialize(texts, JsonSerializerOptions.Web)));
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(i, body.GetProperty("data")[i].GetProperty("index").GetInt32());
            Embeddings.AssertSame(model.Embed(texts[i]), Embeddings.Of(body, i));
        }
        Assert.Equal(texts.Sum(t => model.Tokenizer.CountTokens(t)), body.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Tokens_are_taken_as_they_are()
    {
        long[] ids = [101, 13156, 102];
        var (_, one) = await _server.PostAsync(Path, Body("[101,13156,102]"));
        Embeddings.AssertSame(model.Embed(ids), Embeddings.Of(one, 0));
        var (_, two) = await _server.PostAsync(Path, Body("[[101,102],[101,13156,102]]"));
        Embeddings.AssertSame(model.Embed(ids), Embeddings.Of(two, 1));
        Assert.Equal(5, two.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Base64_holds_the_same_numbers()
    {
        var (_, numbers) = await _server.PostAsync(Path, Body("\"whale\""));
        var (_, encoded) = await _server.PostAsync(Path, """{"model":"all-MiniLM-L6-v2","input":"whale","encoding_format":"base64"}""");
        var bytes = encoded.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal(Embeddings.Of(numbers, 0), MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Fact]
    public async Task Large_answers_are_whole()
    {
        var texts = Enumerable.Range(0, 40).Select(i => $"text {i}").ToArray();
        var (status, body) = await _server.PostAsync(Path, Body(JsonSerializer.Serialize(texts, JsonSerializerOptions.Web)));
        Assert.Equal(200, status);
        Assert.Equal(40, body.GetProperty("data").GetArrayLength());
        Embeddings.AssertSame(model.Embed("text 39"), Embeddings.Of(body, 39));
    }

    [Theory]
    [InlineData("", 400, null, "not valid JSON")]
    [InlineData("{", 400, null, "not valid JSON")]
    [InlineData("[]", 400, null, "must be a JSON object")]
    [InlineData("null", 400, null, "must be a JSON object")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":"a"} x""", 400, null, "not valid JSON")]
    [InlineData("{}", 400, "input", "must provide an input")]
    [InlineData("""{"model":7,"input":"a"}""", 400, "model", "model must be a string")]
    [InlineData("""{"model":"gpt","input":"a"}""", 404, "model", "The model 'gpt' does not exist")]
    [InlineData("""{"model":"all-MiniLM-L6-v2"}""", 400, "input", "must provide an input")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":null}""", 400, "input", "input must be a string, an array")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":{"a":1}}""", 400, "input", "input must be a string, an array")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":[]}""", 400, "input", "must not be empty")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":""}""", 400, "input", "empty text")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":["a",""]}""", 400, "input", "empty text")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":["a",5]}""", 400, "input", "input must be a string, an array")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":[5,"a"]}""", 400, "input", "must hold texts or lists of token ids")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":[[]]}""", 400, "input", "empty list of tokens")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":[[[1]]]}""", 400, "input", "must hold texts or lists of token ids")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":[30522]}""", 400, "input", "from 0 to 30521")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":[-1]}""", 400, "input", "from 0 to 30521")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":[1.5]}""", 400, "input", "from 0 to 30521")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":"\ud800"}""", 400, null, "not valid Unicode")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":"a","encoding_format":"hex"}""", 400, "encoding_format", "'float' or 'base64'")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":"a","dimensions":100}""", 400, "dimensions", "384 dimensions and cannot give 100")]
    [InlineData("""{"model":"all-MiniLM-L6-v2","input":"a","dimensions":"x"}""", 400, "dimensions", "whole number")]
    public async Task What_is_wrong_is_said_in_OpenAIs_shape(string body, int status, string? parameter, string message)
    {
        var (actual, answer) = await _server.PostAsync(Path, body);
        Assert.Equal(status, actual);
        var error = answer.GetProperty("error");
        Assert.Contains(message, error.GetProperty("message").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(parameter, error.GetProperty("param").GetString());
        Assert.Equal(status == 404 ? "model_not_found" : null, error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_only_model_need_not_be_named()
    {
        var (status, body) = await _server.PostAsync(Path, """{"input":"a"}""");
        Assert.Equal(200, status);
        Assert.Equal("all-MiniLM-L6-v2", body.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Dimensions_that_the_model_has_are_fine()
    {
        var (status, _) = await _server.PostAsync(Path, """{"model":"all-MiniLM-L6-v2","input":"a","dimensions":384,"encoding_format":null}""");
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task More_items_than_allowed_are_refused()
    {
        var (status, answer) = await _server.PostAsync(Path, Body($"[{string.Join(',', Enumerable.Repeat("\"a\"", 41))}]"));
        Assert.Equal(400, status);
        Assert.Contains("more than 40 items", answer.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_larger_body_than_allowed_is_refused()
    {
        var (status, answer) = await _server.PostAsync(Path, Body($"\"{new string('a', 100_000)}\""));
        Assert.Equal(413, status);
        Assert.Equal("invalid_request_error", answer.GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Texts_of_more_tokens_than_the_model_takes_are_refused_and_the_limit_is_exact()
    {
        var longest = string.Join(' ', Enumerable.Repeat("whale", 254));
        var (fits, _) = await _server.PostAsync(Path, Body($"\"{longest}\""));
        Assert.Equal(200, fits);
        var (status, answer) = await _server.PostAsync(Path, Body($"[\"a\",\"{longest} whale\"]"));
        Assert.Equal(400, status);
        Assert.Contains("input item 1 has more than 256 tokens", answer.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    [Lane("slow")]
    public async Task Texts_are_cut_where_the_server_is_told_to()
    {
        await using var server = await RunningServer.StartAsync(model.Folder, "--long-inputs=truncate");
        var text = string.Join(' ', Enumerable.Range(0, 400).Select(i => i % 3 == 0 ? "whale" : "ship"));
        var (_, body) = await server.PostAsync(Path, Body($"\"{text}\""));
        Assert.Equal(256, body.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Embeddings.AssertSame(model.Embed(text), Embeddings.Of(body, 0));
        var ids = Enumerable.Range(0, 300).Select(i => (long)(2000 + i)).ToArray();
        var (_, tokens) = await server.PostAsync(Path, Body($"[{string.Join(',', ids)}]"));
        Embeddings.AssertSame(model.Embed(ids.AsSpan(0, 256)), Embeddings.Of(tokens, 0));
    }

    [Fact]
    public async Task Models_are_listed()
    {
        var (_, list) = await _server.GetAsync("/v1/models");
        var entry = Assert.Single(list.GetProperty("data").EnumerateArray());
        Assert.Equal("all-MiniLM-L6-v2", entry.GetProperty("id").GetString());
        Assert.Equal("model", entry.GetProperty("object").GetString());
        Assert.Equal(200, (await _server.GetAsync("/v1/models/all-MiniLM-L6-v2")).Status);
        Assert.Equal(404, (await _server.GetAsync("/v1/models/gpt")).Status);
        Assert.Equal(404, (await _server.GetAsync("/v2/nothing")).Status);
    }

    private static string Body(string input) => $$"""{"model":"all-MiniLM-L6-v2","input":{{input}}}""";
}
