using System.Text.Json;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Store;

/// <summary>The real package: that what is rebuilt from it is the hub's all-MiniLM-L6-v2, by its hash and by its answers.</summary>
[Lane("slow")]
public sealed class TrainedMiniLmTests
{
    /// <summary>Of model.safetensors at the hub, as the model card has it.</summary>
    private const string HubSha256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db";

    [Fact]
    public async Task The_package_gives_the_hubs_own_file_and_sentence_transformers_answers()
    {
        var ct = TestContext.Current.CancellationToken;
        var store = new ModelStore(Path.Combine(Repository.Root, "artifacts", "test-models"), Repository.Packages);
        var artifact = await store.PrepareAsync(Repository.Card("all-MiniLM-L6-v2"), new ModelRequest { Weights = WeightsSource.Package, Offline = true }, SilentObserver.Instance, ct);
        var manifest = EmbeddingManifest.Read(artifact.Folder);
        Assert.Equal(HubSha256, manifest.Files.Single(f => f.Name == artifact.SafetensorsFile).Sha256);
        Assert.Equal(90_868_376, new FileInfo(Path.Combine(artifact.Folder, artifact.SafetensorsFile)).Length);

        // What sentence-transformers answers with the hub's file, on another machine.
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "tests", "ServeBench.Models.Tests", "Vectors", "all-MiniLM-L6-v2.sentence-transformers.json"), ct));
        Assert.Equal(HubSha256, json.RootElement.GetProperty("model.safetensors").GetString());
        using var session = EmbeddingSession.Load(artifact.Folder, new SessionSettings());
        var tokenizer = EmbeddingSession.LoadTokenizer(artifact.Folder, manifest);
        var texts = json.RootElement.GetProperty("texts").EnumerateArray().ToArray();
        Assert.Equal(14, texts.Length);
        foreach (var text in texts)
        {
            var (ids, mask, sequence) = tokenizer.EncodeBatch([text.GetProperty("text").GetString()!]);
            var recordedIds = text.GetProperty("input_ids").EnumerateArray().TakeWhile(i => i.ValueKind == JsonValueKind.Number).Select(i => i.GetInt64()).ToArray();
            Assert.Equal(recordedIds, ids[..recordedIds.Length]);
            var embedding = new float[session.Dimensions];
            session.Run(ids, mask, 1, sequence, embedding);
            var expected = text.GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle()).ToArray();
            Assert.InRange(expected.Zip(embedding, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-5);
        }
    }
}
