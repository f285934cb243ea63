namespace ServeBench.Domain.Trials;

/// <summary>manifest.json of a run: everything that decided its numbers, and what it consists of.</summary>
public sealed record RunManifest
{
    public const string CurrentSchema = "servebench-run/1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>The run's folder name: UTC start time and group.</summary>
    public required string Id { get; init; }

    public required string Group { get; init; }

    /// <summary>
    /// What throughput counts, in the plural, as the group's kind of work calls it; null in runs of before it was kept, when it
    /// was the group's name.
    /// </summary>
    public string? Items { get; init; }
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>When the last case was measured or reused; null while the run is not complete.</summary>
    public DateTimeOffset? FinishedUtc { get; init; }

    /// <summary>
    /// Fingerprints of the trials that made cases INVALID when the run finished: the same command measures them again. Null while
    /// it is not finished, and in runs of before it was kept.
    /// </summary>
    public IReadOnlyList<string>? InvalidTrials { get; init; }

    /// <summary>Equal fingerprints are the same run, continued.</summary>
    public required string PlanFingerprint { get; init; }

    /// <summary>True when nothing stored was to be reused (<c>--force</c>).</summary>
    public bool Forced { get; init; }

    /// <summary>
    /// True when blocks were added until the comparisons were decided (<c>--until=decided</c>): each look at them costs a smaller
    /// level.
    /// </summary>
    public bool Raced { get; init; }

    /// <summary>The command that repeats it.</summary>
    public required string Command { get; init; }

    public required ProfileRecord Profile { get; init; }

    public required SeedRecord Seeds { get; init; }

    /// <summary>True when the base seed was drawn for this run, false when <c>--seed</c> gave it; null in runs of before that.</summary>
    public bool? SeedDrawn { get; init; }

    /// <summary>Hash of the programs of ours that measured; null in runs of before it was kept.</summary>
    public string? ProgramsSha256 { get; init; }

    /// <summary>The client's machine, which is the servers' too unless <see cref="ServerMachine"/> is there.</summary>
    public required MachineRecord Machine { get; init; }

    /// <summary>How its processors were set up; null in runs of before that was kept.</summary>
    public CpuStateRecord? CpuState { get; init; }

    /// <summary>The machine that servers ran on, where it is another one; null otherwise.</summary>
    public RemoteMachineRecord? ServerMachine { get; init; }

    /// <summary>Names and versions of what took part: ServeBench, .NET, ONNX Runtime, the driver.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public required IReadOnlyList<ModelRecord> Models { get; init; }

    public required IReadOnlyList<ContenderRecord> Contenders { get; init; }

    public required IReadOnlyList<WorkloadRecord> Workloads { get; init; }

    /// <summary>The order in which contenders were deployed, block by block: labels.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Blocks { get; init; }

    /// <summary>Fingerprints of every case planned, with the place of its files relative to the run's folder.</summary>
    public required IReadOnlyList<PlannedTrial> Trials { get; init; }

    /// <summary>What the catalogue holds for this group and this run could not or was not asked to measure, with the reason.</summary>
    public required IReadOnlyList<NotMeasured> NotMeasured { get; init; }
}
