using ServeBench.Domain.Workloads;
using ServeBench.Work.Embedding;

namespace ServeBench.Work;

/// <summary>The kinds of work that there are, by name.</summary>
/// <param name="kinds">No two of one name.</param>
public sealed class KnownWork(IReadOnlyList<WorkKind> kinds)
{
    /// <summary>Those of this program.</summary>
    public static KnownWork OfProgram { get; } = new([new EmbeddingWork()]);

    public IReadOnlyList<WorkKind> All => kinds;

    /// <summary>The kind of a workload; reading the catalogue has checked that there is one.</summary>
    public WorkKind Of(Workload workload) => kinds.Single(k => k.Name == workload.Payload.Kind);
}
