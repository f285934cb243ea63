using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures;
using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Inference;
using ServeBench.Models.Inference.Generation;
using ServeBench.Models.Packages;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers.ByteLevel;

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>GPT-2 with its real vocabulary and a tiny seeded network of one layer, prepared once and kept between runs, and its right answers.</summary>
public sealed class TinyGenerator : IAsyncLifetime
{
    public const string Name = "tiny-gpt2";
    public const int Positions = 128;

    public string Folder { get; private set; } = "";

    public GenerationManifest Manifest { get; private set; } = null!;

    internal ByteLevelTokenizer Tokenizer { get; private set; } = null!;

    private DecoderSession Session { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var store = new ModelStore(Path.Combine(Repository.Root, "artifacts", "test-models"), new PackageFolder(PackageFolder.Default));
        var artifact = await store.PrepareAsync(Card(), new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, CancellationToken.None);
        Folder = artifact.Folder;
        Manifest = GenerationManifest.Read(Folder);
        Tokenizer = ByteLevelTokenizer.Load(Folder);
        Session = DecoderSession.Load(Folder, Manifest, new SessionSettings { IntraOpThreads = 1 });
    }

    /// <summary>The right tokens after a prompt: the prompt read at once, then one token after the other, alone and without any server.</summary>
    internal IReadOnlyList<int> Continue(int[] prompt, int tokens) => GreedyRun.Continue(Session, [prompt], tokens, prompt.Length)[0];

    internal int[] Tokens(string text) => Tokenizer.Encode(text);

    public ValueTask DisposeAsync()
    {
        Session.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ModelCard Card()
    {
        var folder = Path.Combine(Repository.Root, "models", "gpt2");
        var card = CatalogueFile.Read(Path.Combine(folder, "model.yaml"), f => ModelCardReader.Read(f, folder, KnownArchitectures.All));
        var settings = (GeneratorSettings)card.Export;
        return card with { Name = Name, Export = settings with { Layers = 1, Hidden = 32, Heads = 2, Intermediate = 64, Positions = Positions } };
    }
}
