using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Yaml;
using ServeBench.Models.Architectures;
using ServeBench.Models.Explain;
using ServeBench.Models.Onnx;
using ServeBench.Models.Packages;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Weights;

namespace ServeBench.Models.Tests.Store;

/// <summary>A model whose inputs are no texts and whose answers are no embeddings is prepared like any other.</summary>
public sealed class OtherModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_needs_no_vocabulary_and_its_manifest_names_none()
    {
        var artifact = await PrepareAsync();
        var manifest = ModelManifest.Read(artifact.Folder);
        Assert.Equal(["config.json", "model.onnx", "model.safetensors"], manifest.Files.Select(f => f.Name).Order());
        Assert.Null(artifact.QualityBrief);
        var explanation = ModelExplainer.Explain(artifact.Folder);
        Assert.Empty(explanation.Costs);
        Assert.Equal(0, explanation.FlopsPerItem);
        Assert.DoesNotContain("tokenizer", await File.ReadAllTextAsync(Path.Combine(artifact.Folder, ModelManifest.FileName), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_serves_texts_or_embeddings_refuses_it_by_name()
    {
        var folder = (await PrepareAsync()).Folder;
        var refused = Assert.Throws<RunFailedException>(() => EmbeddingManifest.Read(folder));
        Assert.Contains("The model scales in ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("gives no embeddings of texts: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("tokenizer", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Where no package could be had: it needs none.</summary>
    private Task<ModelArtifact> PrepareAsync()
    {
        var card = TinyModel.Card("scales") with { Package = null, Architecture = "scaling", Export = "by four numbers" };
        return new ModelStore(_folder.File("models"), new PackageFolder(_folder.File("nowhere")), architectures: [new Scaling()])
            .PrepareAsync(card, new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, TestContext.Current.CancellationToken);
    }

    private sealed class Scaling : IArchitecture
    {
        public string Name => "scaling";

        public string Version => "1";

        public object Read(YamlMapping section, string folder) => throw new NotSupportedException();

        public IReadOnlyList<TensorSpec> Tensors(object settings) => [new("scale", TensorType.F32, [4], Initialisation.Around1(10))];

        public IReadOnlyList<(string Key, object Value)> Configuration(object settings) => [("model_type", "scaling")];

        public void Alias(TensorDirectory checkpoint)
        {
        }

        public void Build(object settings, GraphBuilder graph) =>
            graph.Output("scaled", graph.Multiply("scaling", graph.Input("numbers", ElementType.Float, "batch", 4), graph.Weight("scale")));
    }
}
