using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Results;

/// <summary>One contender with one model: what it is, and its deployments.</summary>
public sealed record ContenderResult
{
    public required string Label { get; init; }
    /// <summary>What is compared: the stack's name, with its track when that is not the default one.</summary>
    public required string Stack { get; init; }
    public required bool IsTwin { get; init; }

    /// <summary>Which model its deployments served: a large one starts slower than a small one, so they are never put together.</summary>
    public required string Model { get; init; }
    public required string Title { get; init; }
    public required string Track { get; init; }

    /// <summary>What the track sets and why; null in runs of before there was more than one.</summary>
    public string? TrackSummary { get; init; }

    public required string Precision { get; init; }
    public required int Complexity { get; init; }
    public required string ComplexityWhy { get; init; }

    /// <summary>Its container image; null where it does not run in a container.</summary>
    public ImageRecord? Image { get; init; }

    /// <summary>Metrics of deployments across trials, by id.</summary>
    public required IReadOnlyDictionary<string, MetricResult> Metrics { get; init; }

    public required IReadOnlyList<DeploymentResult> Deployments { get; init; }
}

/// <param name="Parity">Null when the references were never asked.</param>
/// <param name="Failure">Why it could not be used; null when it was.</param>
public sealed record DeploymentResult(
    string Id,
    int Trial,
    string Model,
    string Host,
    string MeasuredByRun,
    double? ColdStartSeconds,
    ParityRecord? Parity,
    string Command,
    IReadOnlyList<int> Cpus,
    string? Failure)
{
    /// <summary>Why each further cold start beside it that gave no correct answer gave none; null when there is none.</summary>
    public IReadOnlyList<string>? FailedColdStarts { get; init; }

    /// <summary>What one bad item does to its neighbours; null where that was not tried.</summary>
    public IsolationRecord? Isolation { get; init; }

    /// <summary>The library that computes and its version, as the server itself reports it; null when it does not.</summary>
    public string? Runtime { get; init; }

    /// <summary>
    /// Bytes of the machine's free memory that were touched and freed before it was started; null where that is not recorded.
    /// </summary>
    public long? TouchedBytes { get; init; }

    /// <summary>Its processes right after the last window that was measured on it; null where they cannot be seen.</summary>
    public IReadOnlyList<ServerProcessRecord>? Processes { get; init; }

    /// <summary>How it was ended; null where its host does not say.</summary>
    public StopRecord? Stop { get; init; }
}
