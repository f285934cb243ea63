using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Inference;
using ServeBench.Models.Inference.Generation;
using ServeBench.Models.References.Generation;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Generation;

/// <summary>
/// The models of the cards with seeded weights, whole: explicit, for each takes most of a minute to prepare and some 2 GB of disk. A preparation
/// holds the graph against the double-precision continuations by itself. <c>./build.sh --target=Evidence --what=generators</c>
/// </summary>
public sealed class WholeDecoderTests
{
    private const int Steps = 64;

    /// <summary>Path of llama.cpp's server; in a root file system of its own, with <see cref="RootVariable"/>.</summary>
    private const string ServerVariable = "SERVEBENCH_LLAMA_SERVER";

    /// <summary>A folder that becomes the server's root; the model is linked into it.</summary>
    private const string RootVariable = "SERVEBENCH_LLAMA_ROOT";

    [Theory(Explicit = true)]
    [InlineData("gpt2")]
    [InlineData("opt-125m")]
    public async Task Greedy_decoding_falls_into_no_token_and_no_loop(string name)
    {
        var folder = await PrepareAsync(name);
        var manifest = GenerationManifest.Read(folder);
        using var session = DecoderSession.Load(folder, manifest, new SessionSettings { IntraOpThreads = 2 });
        var prompts = manifest.References.Select(r => r.PromptTokens.ToArray()).ToArray();
        foreach (var (reference, tokens) in manifest.References.Zip(GreedyRun.Continue(session, prompts, Steps, part: 32)))
        {
            Say($"{name}, '{reference.Prompt[..Math.Min(20, reference.Prompt.Length)]}': {tokens.Distinct().Count()} of {Steps} tokens are distinct, least margin {reference.Margins.Min():0.0000}");
            Assert.True(tokens.Distinct().Count() >= Steps / 2, string.Join(' ', tokens));
            for (var period = 1; period <= 8; period++)
                Assert.False(tokens.Skip(Steps - (3 * period)).Zip(tokens.Skip(Steps - (2 * period))).All(p => p.First == p.Second), $"the last tokens repeat after {period}");
        }
    }

    [Fact(Explicit = true)]
    public async Task Llama_cpp_continues_the_same_weights_alike()
    {
        var server = Environment.GetEnvironmentVariable(ServerVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"{ServerVariable} names no llama-server");
        var root = Environment.GetEnvironmentVariable(RootVariable);
        var folder = await PrepareAsync("gpt2");
        var manifest = GenerationManifest.Read(folder);
        var model = Path.Combine(folder, manifest.GgufFile!);
        if (!string.IsNullOrEmpty(root)) File.Copy(model, Path.Combine(root, "model.gguf"), overwrite: true);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        string[] command = [server!, "-m", string.IsNullOrEmpty(root) ? model : "/model.gguf", "--host", "127.0.0.1", "--port", $"{port}", "-t", "2", "-c", "512"];
        using var process = Process.Start(string.IsNullOrEmpty(root) ? new ProcessStartInfo(command[0], command[1..]) : new ProcessStartInfo("chroot", [root, .. command]))!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await ReadyAsync(client);
            foreach (var reference in manifest.References)
            {
                Assert.Equal(reference.PromptTokens, await TokensAsync(client, "/tokenize", new { content = reference.Prompt }));
                var tokens = await TokensAsync(client, "/completion", new { prompt = reference.PromptTokens, n_predict = reference.Tokens.Count, temperature = 0, return_tokens = true, cache_prompt = false, ignore_eos = true });
                Assert.Equal(-1, GreedyJudgement.FirstDifference(reference.Tokens, reference.Margins, tokens, nearTie: 1e-3));
                Say($"'{reference.Prompt[..Math.Min(20, reference.Prompt.Length)]}': {tokens.Zip(reference.Tokens).Count(p => p.First == p.Second)} of {tokens.Count} tokens are the reference's");
            }
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static async Task ReadyAsync(HttpClient client)
    {
        for (var i = 0; i < 300; i++)
        {
            try
            {
                if ((await client.GetAsync("/health", TestContext.Current.CancellationToken)).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        Assert.Fail("llama-server did not become ready");
    }

    private static async Task<IReadOnlyList<int>> TokensAsync(HttpClient client, string path, object question)
    {
        using var answer = await client.PostAsJsonAsync(path, question, TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return [.. json.RootElement.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];
    }

    private static async Task<string> PrepareAsync(string name)
    {
        var store = new ModelStore(Path.Combine(Repository.Root, "artifacts", "test-models"), Repository.Packages);
        return (await store.PrepareAsync(Repository.Card(name), new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, CancellationToken.None)).Folder;
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
