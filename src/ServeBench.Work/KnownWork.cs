using ServeBench.Domain;
using ServeBench.Domain.Workloads;

namespace ServeBench.Work;

/// <summary>The kinds of work that there are, by name.</summary>
/// <param name="kinds">No two of one name.</param>
public sealed class KnownWork(IReadOnlyList<WorkKind> kinds)
{
    /// <summary>Those of this program: every kind of this assembly, found by reflection.</summary>
    public static KnownWork OfProgram { get; } = new(Plugins.Of<WorkKind>(k => k.Name));

    public IReadOnlyList<WorkKind> All => kinds;

    /// <summary>The kind of a workload; reading the catalogue has checked that there is one.</summary>
    public WorkKind Of(Workload workload) => kinds.Single(k => k.Name == workload.Payload.Kind);
}
