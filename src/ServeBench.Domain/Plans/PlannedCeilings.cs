using ServeBench.Domain.Models;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Workloads;

namespace ServeBench.Domain.Plans;

/// <summary>The raw runtime measured once more, so that it drifts with the machine as the stacks do.</summary>
public sealed record PlannedCeilings(int Trial, IReadOnlyList<PlannedCeiling> Ceilings) : PlannedStep(RawRuntime)
{
    public const string RawRuntime = "raw runtime";
}

/// <param name="BatchSize">The batch size that was fastest in the sweep before the run.</param>
public sealed record PlannedCeiling(
    [property: DecidesNothing("part of the fingerprint")] Workload Workload,
    [property: DecidesNothing("part of the fingerprint")] ModelArtifact Model,
    int BatchSize,
    string Fingerprint);
