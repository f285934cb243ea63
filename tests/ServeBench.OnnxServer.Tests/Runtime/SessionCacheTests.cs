using Microsoft.ML.OnnxRuntime;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Runtime;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Runtime;

/// <summary>Models kept as the runtime lays them out, and mapped into memory from there.</summary>
[Lane("slow")]
public sealed class SessionCacheTests(PreparedMiniLm model) : IDisposable
{
    private const string Body = """{"input":"whale"}""";

    private readonly string _cache = Directory.CreateTempSubdirectory("servebench-cache-").FullName;

    [Fact]
    public async Task The_second_start_maps_the_weights_and_answers_the_same()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "what is mapped is read from /proc");
        await using (var first = await RunningProgram.StartAsync($"--model={model.Folder}", "--threads=1", $"--cache={_cache}"))
            Assert.DoesNotContain(_cache, await File.ReadAllTextAsync($"/proc/{first.Id}/maps", TestContext.Current.CancellationToken));
        await using var second = await RunningProgram.StartAsync($"--model={model.Folder}", "--threads=1", $"--cache={_cache}");
        Assert.Contains(_cache, await File.ReadAllTextAsync($"/proc/{second.Id}/maps", TestContext.Current.CancellationToken));
        using var content = new StringContent(Body);
        using var answer = await second.Client.PostAsync("/v1/embeddings", content, TestContext.Current.CancellationToken);
        Embeddings.AssertSame(model.Embed("whale"), Embeddings.Of(System.Text.Json.JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), 0));
    }

    [Fact]
    public async Task A_damaged_entry_is_made_anew()
    {
        await using (await RunningServer.StartAsync(model.Folder, $"--cache={_cache}"))
        {
        }
        var data = Directory.EnumerateFiles(_cache, "model.data", SearchOption.AllDirectories).Single();
        var length = new FileInfo(data).Length;
        await File.WriteAllTextAsync(data, "damaged", TestContext.Current.CancellationToken);
        await using var server = await RunningServer.StartAsync(model.Folder, $"--cache={_cache}");
        var (_, answer) = await server.PostAsync("/v1/embeddings", Body);
        Embeddings.AssertSame(model.Embed("whale"), Embeddings.Of(answer, 0));
        Assert.Equal(length, new FileInfo(data).Length);
    }

    [Fact]
    public void An_entry_with_other_fusions_is_not_taken()
    {
        var manifest = ModelManifest.Read(model.Folder);
        var cache = new SessionCache(_cache);
        var settings = new SessionSettings();
        using var options = RuntimeSessions.CreateOptions(settings);
        var file = Path.Combine(model.Folder, manifest.OnnxFile);
        using var session = cache.Fill(manifest, settings, options, () => new InferenceSession(file, options));
        Assert.NotNull(cache.Find(manifest, settings));
        Assert.Null(cache.Find(manifest, settings with { FuseSkips = true }));
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_only_costs_time()
    {
        var file = Path.Combine(_cache, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await using var server = await RunningServer.StartAsync(model.Folder, $"--cache={Path.Combine(file, "below")}");
        var (status, _) = await server.PostAsync("/v1/embeddings", Body);
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Several_models_are_served_by_their_names()
    {
        await using var server = await RunningServer.StartAsync(model.Folder, $"--model=second={model.Folder}", "--threads=1");
        var (missing, _) = await server.PostAsync("/v1/embeddings", Body);
        Assert.Equal(400, missing);
        foreach (var name in new[] { PreparedMiniLm.Name, "second" })
        {
            var (status, answer) = await server.PostAsync("/v1/embeddings", $$"""{"model":"{{name}}","input":"whale"}""");
            Assert.Equal(200, status);
            Assert.Equal(name, answer.GetProperty("model").GetString());
        }
        Assert.Equal(2, (await server.GetAsync("/v1/models")).Body.GetProperty("data").GetArrayLength());
        Assert.Equal(2, await server.CounterAsync("servebench_inferences_total"));
    }

    public void Dispose() => Directory.Delete(_cache, recursive: true);
}
