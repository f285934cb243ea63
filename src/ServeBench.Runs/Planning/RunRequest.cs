using ServeBench.Domain.Storage;

namespace ServeBench.Runs.Planning;

/// <summary>What the user asked to measure, for one group. Null lists mean "every one that fits".</summary>
public sealed record RunRequest
{
    public required string Group { get; init; }

    [DecidesNothing("counted as what was planned: naming all is the same as naming none")]
    public required IReadOnlyList<string>? Models { get; init; }

    [DecidesNothing("as above")]
    public required IReadOnlyList<string>? Stacks { get; init; }

    /// <summary>Tracks of the stacks.</summary>
    [DecidesNothing("as above")]
    public required IReadOnlyList<string>? Tracks { get; init; }

    [DecidesNothing("as above")]
    public required IReadOnlyList<string>? Workloads { get; init; }

    [DecidesNothing("as above")]
    public required IReadOnlyList<string>? Scenarios { get; init; }
    public required string Host { get; init; }
    public required string Profile { get; init; }

    /// <summary>Deployments of each stack; null for the profile's number.</summary>
    [DecidesNothing("the plan has their number")]
    public required int? Trials { get; init; }

    /// <summary>Whether to add trials until every comparison is decided.</summary>
    public bool UntilDecided { get; init; }

    /// <summary>How long that may take; null for as long as it needs.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Precisions of the models; a stack takes part once in each that it can serve.</summary>
    [DecidesNothing("counted as what was planned")]
    public IReadOnlyList<string> Precisions { get; init; } = [Domain.Models.Precisions.Single];

    /// <summary><c>auto</c>, <c>pretrained</c>, <c>package</c> or <c>seeded</c>.</summary>
    [DecidesNothing("counted as the models that they gave")]
    public required string Weights { get; init; }

    /// <summary>Base of every random choice; null draws one for each new run.</summary>
    [DecidesNothing("counted as the seeds that follow from it")]
    public required long? Seed { get; init; }

    /// <summary>Measure again what is stored already.</summary>
    [DecidesNothing("whether stored results are reused, not what is measured")]
    public required bool Force { get; init; }

    /// <summary>Reuse every stored result of the same fingerprint, INVALID ones and those of other conditions among them.</summary>
    [DecidesNothing("whether stored results are reused, not what is measured")]
    public bool ReuseAny { get; init; }

    [DecidesNothing("how models were obtained, not which")]
    public required bool Offline { get; init; }

    /// <summary>Whether servers may listen on every interface of the machine, where they insist on it.</summary>
    [DecidesNothing("a consent, not what is measured")]
    public bool MayListenEverywhere { get; init; }

    /// <summary>Absolute path of the folder that runs are written to.</summary>
    [DecidesNothing("where a run is kept")]
    public required string RunsFolder { get; init; }

    /// <summary>The command that repeats this, for the report.</summary>
    [DecidesNothing("for people")]
    public required string Command { get; init; }
}
