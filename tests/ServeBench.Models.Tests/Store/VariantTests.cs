using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Store;

/// <summary>The variants of lesser precision, of a model with real proportions.</summary>
[Lane("slow")]
public sealed class VariantTests(PreparedMiniLm model)
{
    private readonly ModelStore _store = new(Path.Combine(Repository.Root, "artifacts", "test-models"), Repository.Packages);

    [Theory]
    [InlineData("fp16", 0.51, 0.99999, 1e-3)]
    [InlineData("int8", 0.27, 0.98, 0.05)]
    public async Task Variants_are_smaller_and_say_what_they_lose(string precision, double share, double leastCosine, double mostDifference)
    {
        var artifact = await PrepareAsync(precision);
        var full = new FileInfo(Path.Combine(model.Artifact.Folder, model.Artifact.OnnxFile)).Length;
        Assert.InRange(new FileInfo(Path.Combine(artifact.Folder, artifact.OnnxFile)).Length, full * (share - 0.02), full * (share + 0.01));
        var quality = EmbeddingManifest.Read(artifact.Folder).Quality!;
        Assert.InRange(quality.LeastCosine, leastCosine, 1.0000001);
        Assert.InRange(quality.MaximumDifference, 1e-9, mostDifference);
        Assert.Equal((precision, model.Artifact.Parameters), (artifact.Precision, artifact.Parameters));
        Assert.Equal(model.Artifact.References[0].Embedding, artifact.References[0].Embedding);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "artifacts", "test-models", "all-MiniLM-L6-v2", $"current-{precision}", "model.json")));
    }

    [Fact]
    public void The_full_model_has_nothing_to_lose() => Assert.Null(EmbeddingManifest.Read(model.Artifact.Folder).Quality);

    [Fact]
    public async Task An_unknown_precision_names_the_nearest() =>
        Assert.Contains("Did you mean fp16?", (await Assert.ThrowsAsync<FaultException>(() => PrepareAsync("f16"))).Message, StringComparison.Ordinal);

    private Task<ModelArtifact> PrepareAsync(string precision) => _store.PrepareAsync(
        Repository.Card("all-MiniLM-L6-v2"), new ModelRequest { Weights = WeightsSource.Seeded, Precision = precision }, SilentObserver.Instance, TestContext.Current.CancellationToken);
}
