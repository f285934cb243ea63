namespace ServeBench.Domain.Trials;

/// <summary>The search for the largest open-loop rate that meets the workload's objectives, in one trial.</summary>
public sealed record SearchRecord
{
    /// <summary>Every probe, in the order in which they were made.</summary>
    public required IReadOnlyList<ProbeRecord> Probes { get; init; }

    /// <summary>
    /// The largest rate that met the objectives with no smaller one that failed them: the max rate of this trial; null when none
    /// met them.
    /// </summary>
    public double? MetPerSecond { get; init; }

    /// <summary>The smallest rate above it that failed; null when none failed, so that the max rate is "at least".</summary>
    public double? FailedPerSecond { get; init; }

    /// <summary>
    /// Place in <see cref="Probes"/> of the one whose samples and use of the server are kept: that of the max rate, or of the
    /// lowest rate when none met the objectives.
    /// </summary>
    public required int Shown { get; init; }

    /// <summary>True when no rate that was tried failed.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsAtLeast => MetPerSecond is not null && FailedPerSecond is null;
}

/// <summary>One rate tried for a short while.</summary>
public sealed record ProbeRecord
{
    /// <summary>Requests per second that the schedule offered.</summary>
    public required double OfferedPerSecond { get; init; }

    /// <summary>Successful requests per second that the server kept up; null with fewer than two successes.</summary>
    public double? HeldPerSecond { get; init; }

    /// <summary>95th percentile of end-to-end latency of all requests, failures counting as endless; null when that is no number.</summary>
    public double? P95Seconds { get; init; }

    public required int Requests { get; init; }

    public required int Failures { get; init; }

    public required double WindowSeconds { get; init; }

    /// <summary>True when all objectives were met.</summary>
    public required bool Met { get; init; }

    /// <summary>Why it counts for nothing, by a fault of the client or of the machine; null when it counts.</summary>
    public string? Invalid { get; init; }

    /// <summary>Which objective it failed, for people; null when it met all.</summary>
    public string? Why { get; init; }
}
