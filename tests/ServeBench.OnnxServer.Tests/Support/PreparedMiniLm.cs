using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures;
using ServeBench.Models.Inference;
using ServeBench.Models.Packages;
using ServeBench.Models.Store;
using ServeBench.Models.Tokenizers;
using ServeBench.OnnxServer.Tests.Support;

[assembly: AssemblyFixture(typeof(PreparedMiniLm))]

namespace ServeBench.OnnxServer.Tests.Support;

/// <summary>The repository's own all-MiniLM-L6-v2 with seeded weights, prepared once for all tests and kept between runs as users keep it.</summary>
public sealed class PreparedMiniLm : IAsyncLifetime
{
    public const string Name = "all-MiniLM-L6-v2";

    public string Folder { get; private set; } = "";

    public EmbeddingSession Session { get; private set; } = null!;

    public WordPieceTokenizer Tokenizer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var store = new ModelStore(Path.Combine(Repository.Root, "artifacts", "test-models"), new PackageFolder(PackageFolder.Default));
        var artifact = await store.PrepareAsync(Card(), new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, CancellationToken.None);
        Folder = artifact.Folder;
        Session = EmbeddingSession.Load(Folder, new SessionSettings { IntraOpThreads = 1 });
        Tokenizer = EmbeddingSession.LoadTokenizer(Folder, Session.Manifest);
    }

    /// <summary>The right answer for a text: executed alone, without any server.</summary>
    public float[] Embed(string text)
    {
        var (ids, _, sequence) = Tokenizer.EncodeBatch([text]);
        return Embed(ids.AsSpan(0, sequence));
    }

    /// <inheritdoc cref="Embed(string)"/>
    public float[] Embed(ReadOnlySpan<long> ids)
    {
        var mask = new long[ids.Length];
        mask.AsSpan().Fill(1);
        var embedding = new float[Session.Dimensions];
        Session.Run(ids, mask, 1, ids.Length, embedding);
        return embedding;
    }

    public ValueTask DisposeAsync()
    {
        Session.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The card as the program reads it.</summary>
    private static ModelCard Card() => CatalogueFile.Read(Path.Combine(Repository.Root, "models", Name, "model.yaml"), f => ModelCardReader.Read(f, Path.Combine(Repository.Root, "models", Name), KnownArchitectures.All));
}
