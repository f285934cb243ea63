using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Generation;

/// <summary>OpenAI's two interfaces for texts, to the byte, with a model whose tokens are known.</summary>
public sealed partial class OpenAiGenerationTests(TinyGenerator model) : IClassFixture<TinyGenerator>
{
    private const string Chat = "/v1/chat/completions";

    /// <summary>What follows the prompt [1, 2]: tokens of the first thousand, all of them with a text.</summary>
    private IReadOnlyList<string> Pieces => [.. FakeSlots.Continue([1, 2], 4).Select(t => JsonSerializer.Serialize(model.Tokenizer.Decode([t]), Relaxed)[1..^1])];

    private static JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task A_completion_as_a_whole()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        Assert.Equal(
            $$$"""{"id":"cmpl-ID","object":"text_completion","created":0,"model":"tiny-gpt2","choices":[{"index":0,"text":"{{{string.Concat(Pieces)}}}","logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":2,"completion_tokens":4,"total_tokens":6}}""",
            await AskAsync(server, FakeServer.Path, """{"model":"tiny-gpt2","prompt":[1,2],"max_tokens":4,"ignore_eos":true}"""));
    }

    [Fact]
    public async Task A_completion_token_by_token()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        const string Head = """data: {"id":"cmpl-ID","object":"text_completion","created":0,"model":"tiny-gpt2","choices":[""";
        string Event(int i, string finish, string usage) => $$"""{{Head}}{"index":0,"text":"{{Pieces[i]}}","logprobs":null,"finish_reason":{{finish}}}]{{usage}}}""" + "\n\n";
        Assert.Equal(
            Event(0, "null", "") + Event(1, "null", "") + Event(2, "\"length\"", "") + "data: [DONE]\n\n",
            await AskAsync(server, FakeServer.Path, """{"prompt":[1,2],"max_tokens":3,"stream":true}"""));
        Assert.Equal(
            Event(0, "null", ",\"usage\":null") + Event(1, "\"length\"", ",\"usage\":null") + Head
                + """],"usage":{"prompt_tokens":2,"completion_tokens":2,"total_tokens":4}}""" + "\n\ndata: [DONE]\n\n",
            await AskAsync(server, FakeServer.Path, """{"prompt":[1,2],"max_tokens":2,"stream":true,"stream_options":{"include_usage":true}}"""));
    }

    [Fact]
    public async Task Several_prompts_have_a_choice_each_and_are_counted_together()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        var (_, body) = await server.Server.PostAsync(FakeServer.Path, """{"prompt":[[1,2],[3],[4,5,6]],"max_tokens":4,"ignore_eos":true}""");
        int[][] prompts = [[1, 2], [3], [4, 5, 6]];
        Assert.Equal(
            prompts.Select((p, i) => (i, model.Tokenizer.Decode([.. FakeSlots.Continue(p, 4)]))),
            body.GetProperty("choices").EnumerateArray().Select(c => (c.GetProperty("index").GetInt32(), c.GetProperty("text").GetString()!)));
        Assert.Equal((6, 12), (body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), body.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
        using var stream = new TokenStream(await SendAsync(server, FakeServer.Path, """{"prompt":[[1,2],[3],[4,5,6]],"max_tokens":4,"ignore_eos":true,"stream":true}"""));
        var texts = new string[3];
        foreach (var choice in (await stream.RestAsync()).SelectMany(e => e.GetProperty("choices").EnumerateArray()))
            texts[choice.GetProperty("index").GetInt32()] += choice.GetProperty("text").GetString();
        Assert.Equal(prompts.Select(p => model.Tokenizer.Decode([.. FakeSlots.Continue(p, 4)])), texts);
    }

    [Fact]
    public async Task A_conversation()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        var prompt = model.Tokens("system: Be brief.\nuser: Where is the whale?\nassistant:");
        string[] pieces = [.. FakeSlots.Continue(prompt, 2).Select(t => JsonSerializer.Serialize(model.Tokenizer.Decode([t]), Relaxed)[1..^1])];
        const string Messages = """ "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Where is "},{"type":"text","text":"the whale?"}]}],"max_completion_tokens":2,"max_tokens":9""";
        Assert.Equal(
            $$$"""{"id":"chatcmpl-ID","object":"chat.completion","created":0,"model":"tiny-gpt2","choices":[{"index":0,"message":{"role":"assistant","content":"{{{pieces[0] + pieces[1]}}}","refusal":null},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":{{{prompt.Length}}},"completion_tokens":2,"total_tokens":{{{prompt.Length + 2}}}}}""",
            await AskAsync(server, Chat, $"{{{Messages}}}"));
        const string Head = """data: {"id":"chatcmpl-ID","object":"chat.completion.chunk","created":0,"model":"tiny-gpt2","choices":[{"index":0,"delta":""";
        const string Tail = ",\"logprobs\":null,\"finish_reason\":";
        Assert.Equal(
            Head + """{"role":"assistant","content":""}""" + Tail + "null}]}\n\n"
                + Head + $$"""{"content":"{{pieces[0]}}"}""" + Tail + "null}]}\n\n"
                + Head + $$"""{"content":"{{pieces[1]}}"}""" + Tail + "\"length\"}]}\n\ndata: [DONE]\n\n",
            await AskAsync(server, Chat, $"{{{Messages},\"stream\":true}}"));
    }

    [Fact]
    public async Task The_first_token_is_there_before_the_second_is_made()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        server.Close();
        var asking = SendAsync(server, Chat, """{"messages":[{"role":"user","content":"a"}],"max_tokens":3,"stream":true}""");
        server.Slots.Began.Wait(TestContext.Current.CancellationToken);
        // The head of the answer leaves with the first token, which waits for the gate; the second waits for it again.
        server.Slots.OnCall = call =>
        {
            if (call[0] == 'P') server.Close();
        };
        server.Slots.Gate.Set();
        using var stream = new TokenStream(await asking);
        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\"role\"", await stream.NextAsync(), StringComparison.Ordinal);
        Assert.Contains("\"delta\":{\"content\":", await stream.NextAsync(), StringComparison.Ordinal);
        server.Slots.Gate.Set();
        Assert.Equal(2, (await stream.RestAsync()).Count);
    }

    [Fact]
    public async Task A_stop_string_ends_the_text_before_it()
    {
        await using var server = await RunningServer.StartAsync(model.Folder);
        const string Prompt = "Call me Ishmael. Some years ago";
        var text = model.Tokenizer.Decode([.. model.Continue(model.Tokens(Prompt), 20)]);
        // Out of the middle, across tokens.
        var stop = text[11..16];
        var body = JsonSerializer.Serialize(new { prompt = Prompt, max_tokens = 20, stop = new[] { "never", stop }, stream = false });
        var (_, whole) = await server.PostAsync(FakeServer.Path, body);
        var choice = whole.GetProperty("choices")[0];
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], choice.GetProperty("text").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        using var content = new StringContent(body.Replace("\"stream\":false", "\"stream\":true"));
        using var stream = new TokenStream(await server.Client.PostAsync(FakeServer.Path, content, TestContext.Current.CancellationToken));
        Assert.Equal(choice.GetProperty("text").GetString(), await stream.TextAsync());
    }

    /// <summary>Finding the elements of such a list one by one, or cutting such a word, takes the square of its length: hours.</summary>
    [Fact(Timeout = 30_000)]
    public async Task A_prompt_that_is_far_too_long_is_refused_at_once()
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        var list = string.Join(',', Enumerable.Repeat("1", 1_000_000));
        foreach (var prompt in new[] { $"[{list},[]]", $"[[{list},[]]]", $"\"{new string('a', 4_000_000)}\"" })
        {
            using var content = new StringContent($$"""{"prompt":{{prompt}}}""");
            using var answer = await server.Server.Client.PostAsync("/v1/completions", content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_stop_string_that_is_too_long_is_refused()
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        using var content = new StringContent($$"""{"prompt":"a","stop":"{{new string('a', 257)}}"}""");
        using var answer = await server.Server.Client.PostAsync("/v1/completions", content, TestContext.Current.CancellationToken);
        Assert.Contains("each of 1 to 256 characters", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", 400, null)]
    [InlineData("[]", 400, null)]
    [InlineData("""{"max_tokens":3}""", 400, "prompt")]
    [InlineData("""{"prompt":""}""", 400, "prompt")]
    [InlineData("""{"prompt":[]}""", 400, "prompt")]
    [InlineData("""{"prompt":[[]]}""", 400, "prompt")]
    [InlineData("""{"prompt":{}}""", 400, "prompt")]
    [InlineData("""{"prompt":[1,"a"]}""", 400, "prompt")]
    [InlineData("""{"prompt":[50257]}""", 400, "prompt")]
    [InlineData("""{"prompt":[-1]}""", 400, "prompt")]
    [InlineData("""{"prompt":"a","model":"nobody"}""", 404, "model")]
    [InlineData("""{"prompt":"a","model":5}""", 400, "model")]
    [InlineData("""{"prompt":"a","max_tokens":0}""", 400, "max_tokens")]
    [InlineData("""{"prompt":"a","max_tokens":"9"}""", 400, "max_tokens")]
    [InlineData("""{"prompt":"a","temperature":-1}""", 400, "temperature")]
    [InlineData("""{"prompt":"a","top_p":2}""", 400, "top_p")]
    [InlineData("""{"prompt":"a","n":2}""", 400, "n")]
    [InlineData("""{"prompt":"a","logprobs":1}""", 400, "logprobs")]
    [InlineData("""{"prompt":"a","echo":true}""", 400, "echo")]
    [InlineData("""{"prompt":"a","stop":["a","b","c","d","e"]}""", 400, "stop")]
    [InlineData("""{"prompt":"a","stop":[""]}""", 400, "stop")]
    [InlineData("""{"prompt":"a","stream":"yes"}""", 400, "stream")]
    [InlineData("""{"prompt":"a","stream_options":{"include_usage":1}}""", 400, "include_usage")]
    [InlineData("""{"prompt":"a","stream":true,"n":3}""", 400, "n")]
    public async Task What_cannot_be_answered_is_refused(string body, int expected, string? parameter)
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        var (status, answer) = await server.Server.PostAsync(FakeServer.Path, body);
        Assert.Equal(expected, status);
        Assert.Equal(parameter, answer.GetProperty("error").GetProperty("param").GetString());
        Assert.Equal(200, (await server.PostAsync([1], 2)).Status);
    }

    [Theory]
    [InlineData("""{"max_tokens":3}""")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messages":["a"]}""")]
    [InlineData("""{"messages":[{"role":"user"}]}""")]
    [InlineData("""{"messages":[{"content":"a"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}""")]
    public async Task What_is_no_conversation_is_refused(string body)
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        var (status, answer) = await server.Server.PostAsync(Chat, body);
        Assert.Equal(400, status);
        Assert.Equal("messages", answer.GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_is_refused_or_loses_its_beginning()
    {
        int[] prompt = [.. Enumerable.Range(1, 200)];
        await using var server = await FakeServer.StartAsync(model, 1);
        var (status, answer) = await server.PostAsync(prompt, 1);
        Assert.Equal((400, "context_length_exceeded"), (status, answer.GetProperty("error").GetProperty("code").GetString()));
        await using var cutting = await FakeServer.StartAsync(model, 1, "--long-inputs=truncate");
        var (_, body) = await cutting.PostAsync(prompt, 5);
        Assert.Equal(model.Tokenizer.Decode([.. FakeSlots.Continue(prompt[^127..], 1)]), body.GetProperty("choices")[0].GetProperty("text").GetString());
    }

    private static async Task<string> AskAsync(FakeServer server, string path, string body)
    {
        using var response = await SendAsync(server, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return Varying().Replace(text, m => m.Value[0] == '-' ? "-ID\"" : "\"created\":0");
    }

    private static async Task<HttpResponseMessage> SendAsync(FakeServer server, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await server.Server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    [GeneratedRegex("-[0-9a-f]{16}\"|\"created\":[0-9]{10}")]
    private static partial Regex Varying();
}
