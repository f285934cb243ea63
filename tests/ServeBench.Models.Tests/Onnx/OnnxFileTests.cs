using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures;
using ServeBench.Models.Inference;
using ServeBench.Models.Onnx;
using ServeBench.Models.Onnx.Format;
using ServeBench.Models.Onnx.Precisions;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Onnx;

[Lane("slow")]
public sealed class OnnxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_model_gives_the_same_bytes_on_every_machine()
    {
        var artifact = await PrepareAsync();
        // A change here is a change of the exported graph: the architecture's Version must change with it.
        const string Expected = "8dc0c1e4d4885a996039714531a00c93168e8a5501b04815f590c48d605f8474";
        Assert.True(artifact.Sha256 == Expected, $"the graph is now {artifact.Sha256}");
    }

    [Fact]
    public async Task Weights_in_a_file_of_their_own_give_the_same_answers()
    {
        var artifact = await PrepareAsync();
        var manifest = EmbeddingManifest.Read(artifact.Folder);
        using var weights = SafetensorsFile.Open(Path.Combine(artifact.Folder, artifact.SafetensorsFile));
        using (var graph = File.Create(_folder.File("external.onnx")))
        using (var data = File.Create(_folder.File("external.onnx.data")))
            OnnxFile.Write(Graph(weights), "tiny", graph, data, "external.onnx.data");
        Assert.True(new FileInfo(_folder.File("external.onnx")).Length < 100_000);
        Assert.Equal(0, new FileInfo(_folder.File("external.onnx.data")).Length % 65536);

        using var embedded = EmbeddingSession.Load(artifact.Folder, manifest, new SessionSettings());
        using var external = EmbeddingSession.Load(_folder.Path, manifest with { OnnxFile = "external.onnx" }, new SessionSettings());
        int[][] batch = [Batches.Sequence(1, 9), Batches.Sequence(2, 30)];
        Assert.Equal(Batches.Embed(embedded, batch), Batches.Embed(external, batch));
    }

    [Fact]
    public async Task Weights_move_out_where_a_protobuf_message_would_be_too_large()
    {
        var artifact = await PrepareAsync();
        using var weights = SafetensorsFile.Open(Path.Combine(artifact.Folder, artifact.SafetensorsFile));
        var graph = Graph(weights);
        Assert.False(OnnxFile.NeedsExternalData(graph));
        Assert.True(OnnxFile.NeedsExternalData(graph, limit: 1_000_000));
        graph.Constant(new Initialiser("huge", ElementType.Float, [500_000_000], s => s));
        Assert.True(OnnxFile.NeedsExternalData(graph));
    }

    [Fact]
    public async Task The_streamed_file_is_an_ordinary_ONNX_model()
    {
        var artifact = await PrepareAsync();
        var bytes = await File.ReadAllBytesAsync(Path.Combine(artifact.Folder, artifact.OnnxFile), TestContext.Current.CancellationToken);
        var model = ModelProto.Parser.ParseFrom(bytes);
        Assert.Equal((9, "ServeBench", 20), (model.IrVersion, model.ProducerName, Assert.Single(model.OpsetImport).Version));
        Assert.Equal(["input_ids", "attention_mask"], model.Graph.Input.Select(i => i.Name));
        Assert.Equal(["embedding"], model.Graph.Output.Select(o => o.Name));
        Assert.Equal(artifact.Parameters, model.Graph.Initializer.Where(t => !t.Name.StartsWith("integer", StringComparison.Ordinal) && !t.Name.StartsWith("number", StringComparison.Ordinal)).Sum(t => t.Dims.Aggregate(1L, (a, b) => a * b)));
        Assert.All(model.Graph.Node, n => Assert.All(n.Output, o => Assert.Contains(o, model.Graph.ValueInfo.Concat(model.Graph.Output).Select(v => v.Name))));

        using var weights = SafetensorsFile.Open(Path.Combine(artifact.Folder, artifact.SafetensorsFile));
        var query = weights.Elements<float>(weights.Find("encoder.layer.1.attention.self.query.weight")!).ToArray();
        var stored = model.Graph.Initializer.Single(t => t.Name == "encoder.layer.1.attention.self.query.weight.T").RawData.ToByteArray();
        for (var row = 0; row < 12; row++)
        {
            for (var column = 0; column < 12; column++) Assert.Equal(query[(row * 12) + column], BitConverter.ToSingle(stored, ((column * 12) + row) * 4));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(31, 33)]
    [InlineData(64, 32)]
    [InlineData(3, 100)]
    public void Transposing_exchanges_rows_and_columns(int rows, int columns)
    {
        var from = Enumerable.Range(0, rows * columns).ToArray();
        var into = new int[rows * columns];
        Matrix.Transpose<int>(from, rows, columns, into);
        for (var i = 0; i < from.Length; i++) Assert.Equal(from[i], into[(i % columns * rows) + (i / columns)]);
    }

    private static GraphBuilder Graph(SafetensorsFile weights)
    {
        var graph = new GraphBuilder(new CheckpointWeights(weights), new SinglePrecision());
        new BertEncoder().Build(TinyModel.Settings, graph);
        return graph;
    }

    private Task<ModelArtifact> PrepareAsync() => new ModelStore(_folder.File("models"), Repository.Packages)
        .PrepareAsync(TinyModel.Card(), new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, TestContext.Current.CancellationToken);
}
