using System.Net;
using System.Text;
using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Models.Inference;
using ServeBench.Models.Inference.Generation;
using ServeBench.Models.References.Generation;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Generation;

/// <summary>A tiny GPT-2 with its real vocabulary on ONNX Runtime: tokens are those of the double-precision reference, whoever shares a step.</summary>
public sealed class GenerationTests(TinyGenerator model) : IClassFixture<TinyGenerator>
{
    private const string Path = "/v1/completions";

    /// <summary>In standard deviations of the logits, as the model's card says.</summary>
    private const double NearTie = 1e-3;

    /// <summary>Thousands may wait, each of which may ask for a million tokens.</summary>
    [Fact]
    public void A_sequence_that_waits_takes_next_to_no_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sequence = new GeneratedSequence([1], 1 << 20, new GenerationSettings { WantsLogprobs = true }, model.Tokenizer, end: 0);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2000);
        Assert.Equal(1 << 20, sequence.Most);
        Assert.Equal("", sequence.Text.ToString());
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(4, 3)]
    [InlineData(8, 7)]
    [InlineData(16, 16)]
    public async Task Tokens_are_the_references_however_many_share_a_step(int users, int part)
    {
        await using var server = await RunningServer.StartAsync(model.Folder, "--max-sequences=8", $"--prompt-part={part}");
        await Task.WhenAll(Enumerable.Range(0, users).Select(async user =>
        {
            for (var i = 0; i < 3; i++)
            {
                var reference = model.Manifest.References[(user + i) % model.Manifest.References.Count];
                // Of different lengths, so that they leave at different times.
                var count = 1 + ((user * 7 + i * 5) % reference.Tokens.Count);
                var tokens = await TokensAsync(server, reference.Prompt, count);
                Assert.Equal(-1, GreedyJudgement.FirstDifference([.. reference.Tokens.Take(count)], reference.Margins, tokens, NearTie));
            }
        }));
    }

    [Fact]
    public async Task A_prompt_goes_on_to_the_end_of_the_context_and_no_further()
    {
        await using var server = await RunningServer.StartAsync(model.Folder, "--prompt-part=10");
        int[] prompt = [.. Enumerable.Range(100, 90)];
        var (status, body) = await server.PostAsync(Path, $$"""{"prompt":[{{string.Join(',', prompt)}}],"max_tokens":500,"ignore_eos":true}""");
        Assert.Equal(200, status);
        var choice = body.GetProperty("choices")[0];
        Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(TinyGenerator.Positions, body.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal(model.Tokenizer.Decode([.. model.Continue(prompt, TinyGenerator.Positions - 90)]), choice.GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_token_that_ends_texts_ends_one_unless_it_is_ignored()
    {
        // The second token after this prompt is taken for the one that ends texts.
        var prompt = model.Tokens("Call me");
        var next = model.Continue(prompt, 3);
        var manifest = model.Manifest with { Tokenizer = model.Manifest.Tokenizer with { End = next[1] } };
        await using var server = await RunningServer.StartAsync(
            model.Folder,
            (_, options, logger) =>
            {
                var slots = DecoderSlots.Load(manifest, options, () => DecoderSession.Load(model.Folder, manifest, new SessionSettings()));
                return new GenerationModel(TinyGenerator.Name, manifest, model.Tokenizer, slots, options, TimeProvider.System, logger, slots);
            },
            TimeProvider.System);
        var (_, ended) = await server.PostAsync(Path, """{"prompt":"Call me","max_tokens":3}""");
        Assert.Equal("stop", ended.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(model.Tokenizer.Decode([next[0]]), ended.GetProperty("choices")[0].GetProperty("text").GetString());
        Assert.Equal(2, ended.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        var (_, ignored) = await server.PostAsync(Path, """{"prompt":"Call me","max_tokens":3,"ignore_eos":true}""");
        Assert.Equal("length", ignored.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(3, ignored.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task A_drawn_text_is_the_same_for_the_same_seed()
    {
        await using var server = await RunningServer.StartAsync(model.Folder);
        async Task<string> AskAsync(string more)
        {
            var (status, body) = await server.PostAsync(Path, $$"""{"prompt":"The","max_tokens":20,"ignore_eos":true{{more}}}""");
            Assert.Equal(200, status);
            return body.GetProperty("choices")[0].GetProperty("text").GetString()!;
        }
        var greedy = await AskAsync("");
        var drawn = await AskAsync(""","temperature":1,"seed":5""");
        Assert.Equal(drawn, await AskAsync(""","temperature":1,"seed":5"""));
        Assert.NotEqual(drawn, await AskAsync(""","temperature":1,"seed":6"""));
        Assert.NotEqual(greedy, drawn);
        // Out of a single token, and out of hardly any.
        Assert.Equal(greedy, await AskAsync(""","temperature":1,"top_p":0"""));
        Assert.Equal(greedy, await AskAsync(""","temperature":0.0001"""));
    }

    [Fact]
    public async Task Sequences_that_do_not_fit_the_memory_are_refused_with_what_would()
    {
        var wrong = await Assert.ThrowsAsync<RunFailedException>(() => RunningServer.StartAsync(model.Folder, "--max-sequences=1000", "--cache-memory=2"));
        Assert.Equal($"1000 sequences of 128 tokens of {TinyGenerator.Name} need 32 MiB for keys and values, more than the 2 of --cache-memory", wrong.Message);
        Assert.Equal("Choose at most --max-sequences=64 or --max-context=8, or a greater --cache-memory", wrong.Remedy);
        await using var server = await RunningServer.StartAsync(model.Folder, "--max-sequences=64", "--cache-memory=2");
    }

    /// <summary>The tokens after a prompt, by the one protocol that names them.</summary>
    private async Task<IReadOnlyList<int>> TokensAsync(RunningServer server, string prompt, int count)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/generate_stream")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { inputs = prompt, parameters = new { max_new_tokens = count } }), Encoding.UTF8, "application/json"),
        };
        using var stream = new TokenStream(await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        Assert.Equal(HttpStatusCode.OK, stream.Status);
        var tokens = new List<int>();
        while (await stream.NextAsync() is { } data) tokens.Add(JsonElement.Parse(data).GetProperty("token").GetProperty("id").GetInt32());
        Assert.Equal(count, tokens.Count);
        return tokens;
    }
}
