using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures;
using ServeBench.Models.Architectures.Classification;
using ServeBench.Models.Packages;
using ServeBench.Models.References.Classification;
using ServeBench.Models.Store;
using ServeBench.Work.ImageClassification;

namespace ServeBench.Work.Tests.ImageClassification;

/// <summary>What the options of an export change for the rest of a run: references, the raw runtime, what can be drawn.</summary>
public sealed class GraphVariantTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-variants-").FullName;
    private readonly ClassificationWork _work = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 5)]
    [Lane("slow")]
    public async Task The_raw_runtime_runs_graphs_that_prepare_images_and_choose_classes(bool givesProbabilities, int top)
    {
        var model = await PrepareAsync(s => s with { PreparesInGraph = true, GivesProbabilities = givesProbabilities, Top = top });
        File.WriteAllBytes(Path.Combine(_folder, "photograph.jpg"), ReferenceImages.All[1].Bytes);
        var requests = _work.Draw(new ImagePayload("photograph.jpg", SentForm.File, 1, 2), _folder, model, 5).Requests;
        using var raw = _work.RawRuntime(model, requests, new RawOptions(1, 4, TimeProvider.System));
        foreach (var batch in new[] { 1, 4 })
            Assert.True(raw.Measure(batch, TimeSpan.Zero, TestContext.Current.CancellationToken) is { ItemsPerSecond: > 0, Executions: >= 3 });
        using var expected = _work.Expectations(model);
        var reference = ClassificationManifest.Read(model.Folder).References[1].Logits;
        Assert.InRange(LogitDistance.Largest(reference, (IReadOnlyList<float>)expected.Of(requests[0])[0]), 0, 0.15);
    }

    [Fact]
    [Lane("slow")]
    public async Task A_graph_that_prepares_images_takes_no_prepared_ones()
    {
        var model = await PrepareAsync(s => s with { PreparesInGraph = true });
        File.WriteAllBytes(Path.Combine(_folder, "photograph.jpg"), ReferenceImages.All[1].Bytes);
        var failure = Assert.Throws<RunFailedException>(() => _work.Draw(new ImagePayload("photograph.jpg", SentForm.Tensor, 1, 2), _folder, model, 5));
        Assert.Contains("prepares images itself", failure.Message, StringComparison.Ordinal);
        Assert.Contains("prepare-in-graph: false", failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0, true)]
    [InlineData(true, 0, false)]
    [InlineData(true, 5, false)]
    [Lane("slow")]
    public async Task Logits_are_asked_for_where_the_graph_gives_them(bool givesProbabilities, int top, bool asks)
    {
        var references = _work.References(await PrepareAsync(s => s with { GivesProbabilities = givesProbabilities, Top = top }));
        Assert.All(references, r => Assert.Equal(asks, ((ImageRequest)r.Request).AsksForLogits));
    }

    [Theory]
    [InlineData("top: 5", "the best logits alone say nothing of the other classes")]
    [InlineData("output: probabilities, top: 4", "clients ask for the best 5 classes, and the graph would give 4")]
    [InlineData("output: probabilities, top: 5", null)]
    public void A_card_whose_best_classes_could_not_be_compared_is_refused(string lines, string? problem)
    {
        var card = File.ReadAllText(Path.Combine(Models, "mobilenet-v2", "model.yaml"));
        var file = Path.Combine(_folder, "model.yaml");
        File.WriteAllText(file, card.Replace("  classes: 1000\n", $"  classes: 1000\n  {lines.Replace(", ", "\n  ", StringComparison.Ordinal)}\n", StringComparison.Ordinal));
        ModelCard Read() => CatalogueFile.Read(file, f => ModelCardReader.Read(f, _folder, KnownArchitectures.All));
        if (problem is null) Assert.Equal(5, ((ClassifierSettings)Read().Export).Top);
        else Assert.Equal(problem, Assert.Throws<FaultException>(Read).Faults.Single().Problem);
    }

    private static string Models { get; } = Path.Combine(Root(), "models");

    private Task<ModelArtifact> PrepareAsync(Func<ClassifierSettings, ClassifierSettings> change)
    {
        var folder = Path.Combine(Models, "mobilenet-v3-small");
        var card = CatalogueFile.Read(Path.Combine(folder, "model.yaml"), f => ModelCardReader.Read(f, folder, KnownArchitectures.All));
        var own = (ClassifierSettings)card.Export;
        var small = card with { Export = change(own with { Classes = 12, Input = own.Input with { Size = 64, Resize = 72 } }) };
        return new ModelStore(Path.Combine(_folder, "models"), new PackageFolder(PackageFolder.Default)).PrepareAsync(
            small, new ModelRequest { Weights = WeightsSource.Seeded, Offline = true }, SilentObserver.Instance, TestContext.Current.CancellationToken);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ServeBench.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
