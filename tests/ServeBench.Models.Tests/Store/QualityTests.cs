using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Store;

/// <summary>What the precisions keep of a trained model, and that nothing of the kind is said of seeded weights.</summary>
public sealed class QualityTests
{
    [Theory]
    [InlineData("fp32", 0.999999)]
    [InlineData("fp16", 0.9999)]
    [InlineData("int8", 0.98)]
    [Lane("slow")]
    public async Task Trained_weights_keep_their_order_of_pairs(string precision, double least)
    {
        var artifact = await PrepareAsync(WeightsSource.Package, precision);
        var quality = artifact.Quality!;
        TestContext.Current.TestOutputHelper!.WriteLine($"{quality} {EmbeddingManifest.Read(artifact.Folder).Quality}");
        Assert.InRange(quality.WithReference, least, 1);
        // The trained model orders our pairs as people do; drawn weights would be near nothing.
        Assert.InRange(quality.ReferenceWithGrades, 0.8, 1);
        Assert.InRange(quality.WithGrades, 0.8, 1);
        if (precision == "int8") Assert.True(quality.WithReference < 0.99999, "quantising changes some of the order");
    }

    [Fact]
    public async Task Seeded_weights_have_no_quality_to_keep() => Assert.Null((await PrepareAsync(WeightsSource.Seeded, "fp32")).Quality);

    private static Task<ModelArtifact> PrepareAsync(string weights, string precision) =>
        new ModelStore(Path.Combine(Repository.Root, "artifacts", "test-models"), Repository.Packages).PrepareAsync(
            Repository.Card("all-MiniLM-L6-v2"), new ModelRequest { Weights = weights, Precision = precision, Offline = true }, SilentObserver.Instance, TestContext.Current.CancellationToken);
}
