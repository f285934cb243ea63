using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.Explain;
using ServeBench.Models.Inference;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Store;

/// <summary>Models that classify images, prepared: here with small images and few classes, so that it takes no time.</summary>
public sealed class ImagePreparationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Lane("slow")]
    public async Task The_manifest_says_what_servers_need_and_holds_the_references()
    {
        var artifact = await PrepareAsync(Small());
        var manifest = ClassificationManifest.Read(artifact.Folder);
        Assert.Equal((12, "logits", 0, 1e-5), (manifest.Classes, manifest.Output, manifest.Top, manifest.NormEpsilon));
        Assert.Equal((64, 72, "outside", "bilinear"), (manifest.Input.Size, manifest.Input.Resize, manifest.Input.Preparation, manifest.Input.Interpolation));
        Assert.Equal(ReferenceImages.All.Select(i => i.Name), manifest.References.Select(r => r.Image));
        Assert.All(manifest.References, r => Assert.True(File.Exists(Path.Combine(artifact.Folder, r.Image)), r.Image));
        Assert.All(manifest.References, r => Assert.Equal(12, r.Logits.Count));
        Assert.Null(artifact.QualityBrief);
    }

    /// <summary>Photographs that share a class would not show that a server took one for another.</summary>
    [Theory]
    [InlineData("mobilenet-v3-small")]
    [InlineData("mobilenet-v2")]
    [InlineData("resnet50")]
    [Lane("slow")]
    public async Task The_models_of_this_repository_tell_the_references_apart(string name)
    {
        var store = new ModelStore(Path.Combine(Repository.Root, "artifacts", "test-models"), Repository.Packages);
        var artifact = await store.PrepareAsync(Repository.Card(name), new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, TestContext.Current.CancellationToken);
        var references = ClassificationManifest.Read(artifact.Folder).References;
        var best = references.Select(r => LogitDistance.Best(r.Logits)).ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine($"best {string.Join(' ', best)}; deviations {string.Join(' ', references.Select(r => LogitDistance.Deviation(r.Logits)))}");
        Assert.True(best.Distinct().Count() == best.Length, $"best classes {string.Join(' ', best)}");
        // What they have in common decides nothing: its share is taken off by biases of whole 4096ths.
        for (var c = 0; c < references[0].Logits.Count; c++) Assert.Equal(0, references.Average(r => (double)r.Logits[c]), 1.0 / 4096);
        for (var i = 1; i < references.Count; i++)
            Assert.True(LogitDistance.Largest(references[0].Logits, references[i].Logits) > 0.5, $"{references[i].Image} is nearly {references[0].Image}");
    }

    [Fact]
    [Lane("slow")]
    public async Task Preparation_in_the_graph_gives_the_same_answers()
    {
        var (outside, inside) = (await PrepareAsync(Small()), await PrepareAsync(Small(s => s with { PreparesInGraph = true })));
        using var session = ClassifierSession.Load(inside.Folder, new SessionSettings());
        foreach (var reference in ClassificationManifest.Read(outside.Folder).References)
        {
            // Pillow rounds to whole levels after each direction of its resize, the graph does not.
            var image = ReferenceJpeg.Decode(File.ReadAllBytes(Path.Combine(outside.Folder, reference.Image)));
            Assert.InRange(LogitDistance.Largest(reference.Logits, session.Scores(image)), 0, 0.15);
        }
    }

    [Fact]
    [Lane("slow")]
    public async Task A_graph_that_gives_probabilities_agrees_too()
    {
        var artifact = await PrepareAsync(Small(s => s with { GivesProbabilities = true }));
        using var session = ClassifierSession.Load(artifact.Folder, new SessionSettings());
        var reference = session.Manifest.References[0];
        var scores = session.Scores(ReferenceJpeg.Decode(ReferenceImages.All[0].Bytes));
        Assert.Equal(1, scores.Sum(), 1e-5);
        Assert.InRange(LogitDistance.Largest(reference.Logits, LogitDistance.OfProbabilities(scores)), 0, 1e-3);
    }

    /// <summary>Filters stay in single precision whatever is asked for, so another precision would be one in name only.</summary>
    [Theory]
    [InlineData("fp16")]
    [InlineData("int8")]
    public async Task Lesser_precisions_are_refused(string precision)
    {
        var fault = (await Assert.ThrowsAsync<FaultException>(() => PrepareAsync(Small(), precision))).Faults.Single();
        Assert.Contains($"cannot be exported in {precision}: a mobilenet-v3-small-classifier has fp32 only", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("Ask for fp32", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_batch_is_scored_like_its_images_alone()
    {
        using var session = ClassifierSession.Load((await PrepareAsync(Small())).Folder, new SessionSettings());
        var images = ReferenceImages.All.Take(3).Select(i => ReferenceJpeg.Decode(i.Bytes)).ToArray();
        float[] pixels = [.. images.SelectMany(i => ReferencePreparation.Prepare(i, session.Manifest.Input))];
        var scores = new float[3 * 12];
        session.Run(pixels, 3, scores);
        foreach (var (image, own) in images.Zip(scores.Chunk(12)))
            Assert.All(session.Scores(image).Zip(own), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    [Lane("slow")]
    public async Task A_graph_that_chooses_the_best_classes_gives_all_scores_too()
    {
        var artifact = await PrepareAsync(Small(s => s with { GivesProbabilities = true, Top = 5 }));
        using var session = ClassifierSession.Load(artifact.Folder, new SessionSettings());
        Assert.Equal((5, false), (session.Manifest.Top, session.Manifest.GivesLogits));
        Assert.Equal(["probabilities", "scores", "classes"], session.Manifest.Outputs.Select(o => o.Name));
        var logits = session.Logits(ReferenceJpeg.Decode(ReferenceImages.All[0].Bytes));
        Assert.InRange(LogitDistance.Largest(session.Manifest.References[0].Logits, logits), 0, 1e-3);
    }

    /// <summary>56.5 million products and sums for MobileNetV3-small at 224 pixels (table 2 of the paper says 56).</summary>
    [Fact]
    [Lane("slow")]
    public async Task Its_convolutions_are_counted()
    {
        var card = Repository.Card("mobilenet-v3-small");
        var artifact = await PrepareAsync(card);
        Assert.InRange(ModelExplainer.Explain(artifact.Folder).FlopsPerItem!.Value / 2, 54e6, 59e6);
    }

    private static ModelCard Small(Func<ClassifierSettings, ClassifierSettings>? change = null)
    {
        var card = Repository.Card("mobilenet-v3-small");
        var own = (ClassifierSettings)card.Export;
        var small = own with { Classes = 12, Input = own.Input with { Size = 64, Resize = 72 } };
        return card with { Export = change?.Invoke(small) ?? small };
    }

    private Task<ModelArtifact> PrepareAsync(ModelCard card, string precision = "fp32") =>
        new ModelStore(_folder.File("models"), Repository.Packages).PrepareAsync(
            card, new ModelRequest { Weights = WeightsSource.Seeded, Precision = precision, Offline = true }, SilentObserver.Instance, TestContext.Current.CancellationToken);
}
