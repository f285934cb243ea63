using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;
using ServeBench.Models.Tokenizers;

[assembly: AssemblyFixture(typeof(PreparedMiniLm))]

namespace ServeBench.Models.Tests.Support;

/// <summary>A model of the repository's own with seeded weights, prepared once for all tests and kept between runs as users keep it.</summary>
public abstract class PreparedCard(string name) : IAsyncLifetime
{
    public string Name { get; } = name;

    public ModelArtifact Artifact { get; private set; } = null!;

    public EmbeddingSession Session { get; private set; } = null!;

    public WordPieceTokenizer Tokenizer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var store = new ModelStore(Path.Combine(Repository.Root, "artifacts", "test-models"), Repository.Packages);
        Artifact = await store.PrepareAsync(Repository.Card(Name), new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, CancellationToken.None);
        Session = EmbeddingSession.Load(Artifact.Folder, new SessionSettings { IntraOpThreads = 2 });
        Tokenizer = EmbeddingSession.LoadTokenizer(Artifact.Folder, Session.Manifest);
    }

    public ValueTask DisposeAsync()
    {
        Session.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

public sealed class PreparedMiniLm() : PreparedCard("all-MiniLM-L6-v2");

/// <summary>Four times as large, so it is prepared only for the tests that ask for it.</summary>
public sealed class PreparedSentenceBert() : PreparedCard("sentence-bert-base");
