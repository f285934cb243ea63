using ServeBench.Domain.Models;
using ServeBench.Domain.Workloads;

namespace ServeBench.Domain.Plans;

/// <summary>Everything a run will do, in order, decided before anything starts.</summary>
public sealed record RunPlan
{
    public required string Group { get; init; }
    public required Profile Profile { get; init; }
    public required int Trials { get; init; }
    public required IReadOnlyList<Contender> Contenders { get; init; }

    /// <summary>One block per trial; within a block the contenders come in a random, recorded order (method.md, rule 12).</summary>
    public required IReadOnlyList<PlannedBlock> Blocks { get; init; }

    /// <summary>Hash of all case fingerprints and of what else decides the report: equal plans are the same run.</summary>
    public required string Fingerprint { get; init; }

    public IEnumerable<Case> Cases => Blocks.SelectMany(b => b.Deployments).SelectMany(d => d.Cases);
}

/// <param name="Number">From 1; equal to the trial number of its deployments.</param>
public sealed record PlannedBlock(int Number, IReadOnlyList<PlannedDeployment> Deployments);

/// <summary>One deployment: a contender started afresh, driven through all its cases, and removed.</summary>
public sealed record PlannedDeployment(Contender Contender, ModelArtifact Model, string Host, int Trial, string Fingerprint, IReadOnlyList<Case> Cases);
