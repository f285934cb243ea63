using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Generation;

/// <summary>The interface of Text Generation Inference, to the byte but for probabilities, which are held against the scores.</summary>
public sealed partial class TgiGenerationTests(TinyGenerator model) : IClassFixture<TinyGenerator>
{
    private const string Prompt = "Where is";

    private static JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private IReadOnlyList<int> Tokens => FakeSlots.Continue(model.Tokens(Prompt), 3);

    [Fact]
    public async Task A_text_as_a_whole()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        Assert.Equal(
            $$"""{"generated_text":{{Said(Tokens)}}}""",
            await AskAsync(server, "/generate", $$$"""{"inputs":"{{{Prompt}}}","parameters":{"max_new_tokens":3}}"""));
        Assert.Equal(
            $$$"""{"generated_text":{{{Said(Tokens)}}},"details":{"finish_reason":"length","generated_tokens":3,"seed":5,"prefill":[],"tokens":[{{{string.Join(',', Tokens.Select(Token))}}}]}}""",
            await AskAsync(server, "/generate", $$$"""{"inputs":"{{{Prompt}}}","parameters":{"max_new_tokens":3,"details":true,"seed":5}}"""));
    }

    [Fact]
    public async Task A_text_token_by_token()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        string Event(int i, string end) => $$"""data:{"index":{{i + 1}},"token":{{Token(Tokens[i])}},{{end}}}""" + "\n\n";
        const string Middle = """ "generated_text":null,"details":null""";
        var begin = Event(0, Middle.Trim()) + Event(1, Middle.Trim());
        Assert.Equal(
            begin + Event(2, $"\"generated_text\":{Said(Tokens)},\"details\":null"),
            await AskAsync(server, "/generate_stream", $$$"""{"inputs":"{{{Prompt}}}","parameters":{"max_new_tokens":3,"do_sample":false}}"""));
        Assert.Equal(
            begin + Event(2, $$$"""generated_text":{{{Said(Tokens)}}},"details":{"finish_reason":"length","generated_tokens":3,"seed":null,"input_length":2}""".Insert(0, "\"")),
            await AskAsync(server, "/generate_stream", $$$"""{"inputs":"{{{Prompt}}}","parameters":{"max_new_tokens":3,"details":true}}"""));
    }

    [Fact]
    public async Task A_stop_string_belongs_to_the_text()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        var stop = model.Tokenizer.Decode([Tokens[1]]);
        using var answer = JsonDocument.Parse(await AskAsync(
            server, "/generate", JsonSerializer.Serialize(new { inputs = Prompt, parameters = new { max_new_tokens = 3, stop = new[] { stop }, details = true } })));
        Assert.Equal(model.Tokenizer.Decode([Tokens[0], Tokens[1]]), answer.RootElement.GetProperty("generated_text").GetString());
        Assert.Equal("stop_sequence", answer.RootElement.GetProperty("details").GetProperty("finish_reason").GetString());
    }

    /// <summary>The model's scores are 1 for one of a thousand tokens and 0 for the others.</summary>
    [Fact]
    public async Task Probabilities_are_those_of_the_scores()
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        var (_, body) = await server.Server.PostAsync("/generate", $$$"""{"inputs":"{{{Prompt}}}","parameters":{"max_new_tokens":2,"details":true}}""");
        var expected = 1 - Math.Log(Math.E + 999);
        Assert.All(body.GetProperty("details").GetProperty("tokens").EnumerateArray(), t => Assert.Equal(expected, t.GetProperty("logprob").GetDouble(), 1e-4));
    }

    [Theory]
    [InlineData("""{"inputs":""}""")]
    [InlineData("""{"parameters":{}}""")]
    [InlineData("""{"inputs":"a","parameters":5}""")]
    [InlineData("""{"inputs":"a","parameters":{"max_new_tokens":0}}""")]
    [InlineData("""{"inputs":"a","parameters":{"temperature":0}}""")]
    [InlineData("""{"inputs":"a","parameters":{"best_of":2}}""")]
    [InlineData("""{"inputs":"a","parameters":{"top_k":5}}""")]
    [InlineData("{")]
    public async Task What_cannot_be_answered_is_refused(string body)
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        foreach (var path in new[] { "/generate", "/generate_stream" })
        {
            var (status, answer) = await server.Server.PostAsync(path, body);
            Assert.Equal((422, "validation"), (status, answer.GetProperty("error_type").GetString()));
        }
    }

    private string Said(IReadOnlyList<int> tokens) =>
        JsonSerializer.Serialize(model.Tokenizer.Decode(tokens), Relaxed);

    private string Token(int id) => $$"""{"id":{{id}},"text":{{Said([id])}},"logprob":0,"special":false}""";

    private static async Task<string> AskAsync(FakeServer server, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Server.Client.PostAsync(path, content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return Logprob().Replace(text, "\"logprob\":0");
    }

    [GeneratedRegex("\"logprob\":-?[0-9.]+")]
    private static partial Regex Logprob();
}
