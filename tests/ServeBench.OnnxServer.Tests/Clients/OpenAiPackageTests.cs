using System.Diagnostics;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Clients;

/// <summary>The <c>openai</c> package of npm as a client: nobody here wrote what it expects.</summary>
[Lane("node")]
public sealed class OpenAiPackageTests(PreparedMiniLm model, SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("one", "whale")]
    [InlineData("floats", "whale")]
    [InlineData("base64", "whale")]
    [InlineData("batch", "whale|a ship|the sea at dawn")]
    [InlineData("tokens", "whale")]
    public async Task It_gets_the_right_embeddings(string scenario, string texts)
    {
        var answer = await RunAsync(scenario, shared.Server.Client.BaseAddress!);
        var embeddings = answer.GetProperty("embeddings").EnumerateArray().Select(e => e.EnumerateArray().Select(v => v.GetSingle()).ToArray()).ToArray();
        // "tokens" sends those of "whale".
        var expected = texts.Split('|').Select(model.Embed).ToArray();
        Assert.Equal(expected.Length, embeddings.Length);
        for (var i = 0; i < expected.Length; i++) Embeddings.AssertSame(expected[i], embeddings[i]);
    }

    [Theory]
    [InlineData("models")]
    [InlineData("errors")]
    public async Task It_understands(string scenario) => await RunAsync(scenario, shared.Server.Client.BaseAddress!);

    [Fact]
    public async Task It_is_told_of_overload()
    {
        await using var server = await GatedServer.StartAsync(model, "--max-queue=1", "--max-batch=1");
        server.FillQueue();
        await RunAsync("refused", server.Address);
    }

    [Fact]
    public async Task It_tries_again_after_429_and_succeeds()
    {
        await using var server = await GatedServer.StartAsync(model, "--max-queue=1", "--max-batch=1");
        server.FillQueue();
        var client = RunAsync("retries", server.Address);
        await Eventually.HoldsAsync(
            async () =>
            {
                if (client.IsCompleted) await client;
                return await server.CountAsync("overloaded") > 0;
            },
            "the client has been refused");
        server.Runner.Gate.Set();
        Assert.Equal(1, (await client).GetProperty("count").GetInt32());
    }

    private static async Task<JsonElement> RunAsync(string scenario, Uri address)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Repository.NodeModules, "openai")), "the npm package openai is not installed: run npm ci");
        var script = Path.Combine(Repository.Root, "tests", "ServeBench.OnnxServer.Tests", "Clients", "openai.mjs");
        using var process = Process.Start(new ProcessStartInfo("node", [script, scenario, address.ToString(), PreparedMiniLm.Name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, await errors);
            return JsonElement.Parse(output);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
