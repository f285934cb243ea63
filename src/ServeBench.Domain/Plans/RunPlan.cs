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
    public required IReadOnlyList<ModelArtifact> Models { get; init; }
    public required IReadOnlyList<Workload> Workloads { get; init; }
    public required string Host { get; init; }

    /// <summary>One block per trial; within a block the steps come in a random, recorded order (method.md, rule 12).</summary>
    public required IReadOnlyList<PlannedBlock> Blocks { get; init; }

    /// <summary>Hash of all case fingerprints and of what else decides the report: equal plans are the same run.</summary>
    public required string Fingerprint { get; init; }

    public IEnumerable<Case> Cases => Blocks.SelectMany(b => b.Steps).OfType<PlannedDeployment>().SelectMany(d => d.Cases);
}

/// <param name="Number">From 1; equal to the trial number of its steps.</param>
public sealed record PlannedBlock(int Number, IReadOnlyList<PlannedStep> Steps);

/// <summary>Something that a block does at one place in its random order.</summary>
/// <param name="Label">What the recorded order calls it.</param>
public abstract record PlannedStep(string Label);

/// <summary>One deployment: a contender started afresh, driven through all its cases, and removed.</summary>
public sealed record PlannedDeployment(
    Contender Contender, ModelArtifact Model, string Host, int Trial, string Fingerprint, IReadOnlyList<Case> Cases)
    : PlannedStep(Contender.Label);

/// <summary>The raw runtime measured once more, so that it drifts with the machine as the stacks do.</summary>
public sealed record PlannedCeilings(int Trial, IReadOnlyList<PlannedCeiling> Ceilings) : PlannedStep(RawRuntime)
{
    public const string RawRuntime = "raw runtime";
}

/// <param name="BatchSize">The batch size that was fastest in the sweep before the run.</param>
public sealed record PlannedCeiling(Workload Workload, ModelArtifact Model, int BatchSize, string Fingerprint);
