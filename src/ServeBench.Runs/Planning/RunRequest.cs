namespace ServeBench.Runs.Planning;

/// <summary>What the user asked to measure, for one group. Null lists mean "every one that fits".</summary>
public sealed record RunRequest
{
    public required string Group { get; init; }
    public required IReadOnlyList<string>? Models { get; init; }
    public required IReadOnlyList<string>? Stacks { get; init; }
    /// <summary>Tracks of the stacks.</summary>
    public required IReadOnlyList<string>? Tracks { get; init; }

    public required IReadOnlyList<string>? Workloads { get; init; }
    public required IReadOnlyList<string>? Scenarios { get; init; }
    public required string Host { get; init; }
    public required string Profile { get; init; }

    /// <summary>Deployments of each stack; null for the profile's number.</summary>
    public required int? Trials { get; init; }

    /// <summary>Whether to add trials until every comparison is decided.</summary>
    public bool UntilDecided { get; init; }

    /// <summary>How long that may take; null for as long as it needs.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Precisions of the models; a stack takes part once in each that it can serve.</summary>
    public IReadOnlyList<string> Precisions { get; init; } = [Domain.Models.Precisions.Single];

    /// <summary><c>auto</c>, <c>pretrained</c>, <c>package</c> or <c>seeded</c>.</summary>
    public required string Weights { get; init; }

    /// <summary>Base of every random choice; null draws one for each new run.</summary>
    public required long? Seed { get; init; }

    /// <summary>Measure again what is stored already.</summary>
    public required bool Force { get; init; }

    /// <summary>Reuse every stored result of the same fingerprint, INVALID ones and those of other conditions among them.</summary>
    public bool ReuseAny { get; init; }

    public required bool Offline { get; init; }

    /// <summary>Whether servers may listen on every interface of the machine, where they insist on it.</summary>
    public bool MayListenEverywhere { get; init; }

    /// <summary>Absolute path of the folder that runs are written to.</summary>
    public required string RunsFolder { get; init; }

    /// <summary>The command that repeats this, for the report.</summary>
    public required string Command { get; init; }
}
