using ServeBench.Domain.Models;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Workloads;

namespace ServeBench.Domain.Plans;

/// <summary>Everything a run will do, in order, decided before anything starts.</summary>
public sealed record RunPlan
{
    public required string Group { get; init; }
    public required Profile Profile { get; init; }
    public required int Trials { get; init; }

    [DecidesNothing("part of the fingerprints of its deployments")]
    public required IReadOnlyList<Contender> Contenders { get; init; }

    [DecidesNothing("part of the fingerprints of its deployments")]
    public required IReadOnlyList<ModelArtifact> Models { get; init; }

    [DecidesNothing("part of the fingerprints of its cases")]
    public required IReadOnlyList<Workload> Workloads { get; init; }

    public required string Host { get; init; }

    /// <summary>One block per trial; within a block the steps come in a random, recorded order (method.md, rule 12).</summary>
    public required IReadOnlyList<PlannedBlock> Blocks { get; init; }

    /// <summary>Hash of the plan and of the request that it answers: equal plans are the same run.</summary>
    [DecidesNothing("what is made of the rest")]
    public required string Fingerprint { get; init; }

    [DecidesNothing("what the blocks hold")]
    public IEnumerable<Case> Cases => Blocks.SelectMany(b => b.Steps).OfType<PlannedDeployment>().SelectMany(d => d.Cases);
}
