using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.References.Generation;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Tokenizers.ByteLevel;

namespace ServeBench.Models.Tests.Generation;

/// <summary>Models that continue texts, prepared end to end with tiny networks and the real vocabulary.</summary>
[Lane("slow")]
public sealed class GenerationPreparationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_prepared_folder_has_what_servers_need()
    {
        var artifact = await PrepareAsync(Card("gpt2"), Precisions.Single);
        var manifest = GenerationManifest.Read(artifact.Folder);
        Assert.Equal(
            ["config.json", "merges.txt", "model.gguf", "model.onnx", "model.safetensors", "vocab.json"],
            manifest.Files.Select(f => f.Name).Order(StringComparer.Ordinal));
        Assert.All(manifest.Files, f => Assert.Equal(f.Sha256, ContentHash.OfFile(Path.Combine(artifact.Folder, f.Name))));
        Assert.Equal((1, 2, 16, 50257, 128), (manifest.Layers, manifest.Heads, manifest.HeadSize, manifest.Vocabulary, manifest.Positions));
        Assert.Equal(["input_ids", "position_ids", "last_positions", "total_length", "logits_at", "past.0.key", "past.0.value"], manifest.Inputs.Select(i => i.Name));
        Assert.Equal(["present.0.key", "present.0.value", "logits"], manifest.Outputs.Select(o => o.Name));
        Assert.Equal(("model.gguf", (int?)null, 50256), (manifest.GgufFile, manifest.Tokenizer.Begin, manifest.Tokenizer.End));
        Assert.Contains("GPT-2's", manifest.Tokenizer.Origin, StringComparison.Ordinal);

        var tokenizer = ByteLevelTokenizer.Load(artifact.Folder);
        Assert.Equal(ReferencePrompts.All, manifest.References.Select(r => r.Prompt));
        foreach (var reference in manifest.References)
        {
            Assert.Equal(tokenizer.Encode(reference.Prompt), reference.PromptTokens);
            Assert.Equal((ReferencePrompts.Tokens, ReferencePrompts.Tokens), (reference.Tokens.Count, reference.Margins.Count));
            Assert.All(reference.Margins, m => Assert.InRange(m, 0, 10));
        }
    }

    [Fact]
    public async Task Without_its_checkpoint_OPT_says_whose_vocabulary_it_has()
    {
        var artifact = await PrepareAsync(Card("opt"), Precisions.Single);
        var manifest = GenerationManifest.Read(artifact.Folder);
        Assert.Null(manifest.GgufFile);
        Assert.Equal((2, 2), (manifest.Tokenizer.Begin, manifest.Tokenizer.End));
        Assert.Contains("not tiny-opt's own", manifest.Tokenizer.Origin, StringComparison.Ordinal);
        var tokens = ByteLevelTokenizer.Load(artifact.Folder).Encode(manifest.References[0].Prompt);
        Assert.Equal([2, .. tokens], manifest.References[0].PromptTokens);
    }

    [Theory]
    [InlineData("fp16", 1u)]
    [InlineData("int8", 8u)]
    public async Task Lesser_precisions_have_lesser_files_and_the_same_references(string precision, uint type)
    {
        var whole = GenerationManifest.Read((await PrepareAsync(Card("gpt2"), Precisions.Single)).Folder);
        var artifact = await PrepareAsync(Card("gpt2"), precision);
        var lesser = GenerationManifest.Read(artifact.Folder);
        Assert.Equal(whole.References.SelectMany(r => r.Tokens), lesser.References.SelectMany(r => r.Tokens));
        Assert.Equal(type, new GgufFile(await File.ReadAllBytesAsync(Path.Combine(artifact.Folder, lesser.GgufFile!), TestContext.Current.CancellationToken)).Tensors["token_embd.weight"].Type);
    }

    [Fact]
    public async Task A_model_of_another_kind_continues_no_texts()
    {
        var artifact = await new ModelStore(_folder.File("models"), Repository.Packages)
            .PrepareAsync(TinyModel.Card(), new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, CancellationToken.None);
        Assert.Contains("continues no texts", Assert.Throws<RunFailedException>(() => GenerationManifest.Read(artifact.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cards_are_those_of_the_published_models()
    {
        var (gpt2, opt) = ((GeneratorSettings)Repository.Card("gpt2").Export, (GeneratorSettings)Repository.Card("opt-125m").Export);
        Assert.Equal(124_439_808, new Gpt2().Tensors(gpt2).Sum(t => t.Elements));
        Assert.Equal(125_239_296, new Opt().Tensors(opt).Sum(t => t.Elements));
    }

    private Task<ModelArtifact> PrepareAsync(ModelCard card, string precision) =>
        new ModelStore(_folder.File("models"), Repository.Packages).PrepareAsync(
            card, new ModelRequest { Weights = WeightsSource.Seeded, Precision = precision }, SilentObserver.Instance, CancellationToken.None);

    private static ModelCard Card(string architecture)
    {
        var card = Repository.Card(architecture == "opt" ? "opt-125m" : architecture);
        var settings = (GeneratorSettings)card.Export;
        return card with
        {
            Name = $"tiny-{architecture}",
            Export = settings with { Layers = 1, Hidden = 32, Heads = 2, Intermediate = 64, Positions = 128 },
        };
    }
}
