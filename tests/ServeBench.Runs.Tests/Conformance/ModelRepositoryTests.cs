using System.Text.Json;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Stacks;
using ServeBench.Models.Architectures;
using ServeBench.Models.Packages;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers;
using ServeBench.Runs.Deploying;
using ServeBench.Runs.Tests.Fakes;

namespace ServeBench.Runs.Tests.Conformance;

/// <summary>The folders that are made of prepared models for the servers that want them arranged.</summary>
public sealed class ModelRepositoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-repositories-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_holds_the_models_own_file_a_filled_template_and_is_made_once()
    {
        var model = await PrepareAsync("image-classification");
        var triton = Stack("triton");
        var made = ModelRepositories.Make(triton, Track(triton, "tuned"), model, cores: 3)!;
        var inside = Path.Combine(made, model.Model);
        Assert.Equal(File.ReadAllBytes(Path.Combine(model.Folder, model.OnnxFile)), File.ReadAllBytes(Path.Combine(inside, "1", "model.onnx")));
        var config = File.ReadAllText(Path.Combine(inside, "config.pbtxt"));
        Assert.Contains($"name: \"{model.Model}\"", config, StringComparison.Ordinal);
        Assert.Contains("dims: [3, 64, 64]", config, StringComparison.Ordinal);
        Assert.Contains("dims: [12]", config, StringComparison.Ordinal);
        Assert.Contains("key: \"intra_op_thread_count\" value: { string_value: \"3\" }", config, StringComparison.Ordinal);
        Assert.DoesNotContain("${", config, StringComparison.Ordinal);

        Assert.Equal(made, ModelRepositories.Make(triton, Track(triton, "tuned"), model, cores: 3));
        Assert.NotEqual(made, ModelRepositories.Make(triton, Track(triton, "tuned"), model, cores: 2));
        Assert.DoesNotContain("intra_op", File.ReadAllText(Path.Combine(ModelRepositories.Make(triton, Track(triton, "default"), model, 3)!, model.Model, "config.pbtxt")), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(Path.GetDirectoryName(made)!, ".building-*"));
        Assert.Null(ModelRepositories.Make(Stack("litserve"), Track(Stack("litserve"), "default"), model, 1));
    }

    [Fact]
    public async Task Shared_code_is_copied_without_what_Python_has_compiled()
    {
        var model = await PrepareAsync("embeddings");
        var ensemble = Stack("triton-ensemble");
        var made = ModelRepositories.Make(ensemble, Track(ensemble, "default"), model, cores: 1)!;
        Assert.True(File.Exists(Path.Combine(made, "tokens", "1", "model_server", "embedding", "wordpiece.py")));
        Assert.Empty(Directory.EnumerateFiles(made, "*.pyc", SearchOption.AllDirectories));
        Assert.Contains("string_value: \"256\"", File.ReadAllText(Path.Combine(made, "tokens", "config.pbtxt")), StringComparison.Ordinal);
    }

    /// <summary>The file is read by the reader that published ones are read with, and gives the same tokens as the vocabulary.</summary>
    [Fact]
    public async Task A_checkpoint_of_an_encoder_has_the_tokenizer_of_its_vocabulary()
    {
        var model = await PrepareAsync("embeddings");
        var made = ModelRepositories.Make(Stack("tei"), Track(Stack("tei"), "default"), model, cores: 1)!;
        var file = Path.Combine(made, "tokenizer.json");
        var (written, own) = (TokenizerJson.Read(file, 256), new WordPieceTokenizer(Vocabulary.Load(Path.Combine(model.Folder, "vocab.txt")), 256));
        string[] texts = ["The whale swam under a grey sky", "Zürich, Ænima [SEP] 42% naïve", "語 x", string.Concat(Enumerable.Repeat("whale ", 300))];
        foreach (var text in texts) Assert.Equal(own.EncodeBatch([text]).Ids, written.EncodeBatch([text]).Ids);
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (json.RootElement.GetProperty("truncation").ValueKind, json.RootElement.GetProperty("padding").ValueKind));
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(made, "config.json")));
        Assert.Equal("BertModel", config.RootElement.GetProperty("architectures")[0].GetString());
        Assert.Equal(32, config.RootElement.GetProperty("hidden_size").GetInt32());
    }

    [Fact]
    public async Task A_checkpoint_of_a_decoder_has_every_token_and_merge()
    {
        var model = await PrepareAsync("text-generation");
        var made = ModelRepositories.Make(Stack("vllm"), Track(Stack("vllm"), "default"), model, cores: 1)!;
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(made, "tokenizer.json")));
        var network = json.RootElement.GetProperty("model");
        Assert.Equal((50257, 50000), (network.GetProperty("vocab").EnumerateObject().Count(), network.GetProperty("merges").GetArrayLength()));
        Assert.Equal("<|endoftext|>", json.RootElement.GetProperty("added_tokens")[0].GetProperty("content").GetString());
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(made, "config.json")));
        Assert.Equal("GPT2LMHeadModel", config.RootElement.GetProperty("architectures")[0].GetString());
    }

    [Fact]
    public async Task A_model_of_another_group_is_refused_with_what_it_lacks()
    {
        var model = await PrepareAsync("image-classification");
        var failure = Assert.Throws<Domain.Faults.RunFailedException>(() => ModelRepositories.Make(Stack("tei"), Track(Stack("tei"), "default"), model, 1));
        Assert.Contains("the model repository of tei needs", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Choose a model of the groups that tei serves", failure.Remedy, StringComparison.Ordinal);
    }

    private static Stack Stack(string name) => StackFolder.Catalogue.Stacks.Single(s => s.Name == name);

    private static Track Track(Stack stack, string name) => stack.Tracks.Single(t => t.Name == name);

    private async Task<ModelArtifact> PrepareAsync(string group)
    {
        using var repository = new TinyRepository();
        ConformanceCheckout.AddModel(repository, group);
        var folder = Path.Combine(repository.Root, "models", ConformanceCheckout.ModelOf(group));
        var card = CatalogueFile.Read(Path.Combine(folder, "model.yaml"), f => ModelCardReader.Read(f, folder, KnownArchitectures.All));
        return await new ModelStore(_folder, new PackageFolder(PackageFolder.Default)).PrepareAsync(
            card, new ModelRequest { Weights = WeightsSource.Seeded, Offline = true }, SilentObserver.Instance, TestContext.Current.CancellationToken);
    }
}
