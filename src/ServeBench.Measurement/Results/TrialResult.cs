using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Results;

/// <summary>One trial of a case.</summary>
public sealed record TrialResult
{
    public required int Trial { get; init; }

    /// <summary>The block in which it was measured: trials of one block saw the same machine, arrivals and payloads.</summary>
    public int Block => Trial;

    /// <summary><see cref="Standing.Invalid"/> when it is spoiled.</summary>
    public required Standing Standing { get; init; }

    public bool Valid => Standing == Standing.Valid;

    /// <summary>Why this trial counts for nothing, by a fault of the client or of the machine; null when it counts.</summary>
    public string? Spoiled { get; init; }

    /// <summary>Successful requests per second that the server kept up.</summary>
    public double? RateHeld { get; init; }

    /// <summary>Of a search: true when no rate that was tried failed, so that the max rate is "at least"; null of anything else.</summary>
    public bool? AtLeast { get; init; }

    public required string MeasuredByRun { get; init; }
    public required string DeploymentId { get; init; }
    public required DateTimeOffset StartedUtc { get; init; }
    public required double WindowSeconds { get; init; }
    public required int Requests { get; init; }

    /// <summary>Requests by outcome; outcomes that did not occur are absent.</summary>
    public required IReadOnlyDictionary<string, int> Outcomes { get; init; }

    /// <summary>
    /// How long failed requests took, by outcome: in no latency of <see cref="Values"/>, which are those of successes. Null where none
    /// failed.
    /// </summary>
    public IReadOnlyDictionary<string, OutcomeLatency>? FailureLatencies { get; init; }

    /// <summary>The connections that its requests took; null where the driver does not report it.</summary>
    public ConnectionUse? Connections { get; init; }

    /// <summary>Answers compared with the references during load, and how many were wrong.</summary>
    public required int AnswersChecked { get; init; }

    public required int AnswersWrong { get; init; }
    public required bool WarmUpSettled { get; init; }
    public required double WarmUpSeconds { get; init; }

    /// <summary>By metric id, in stored units; what was not measured is absent.</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>What the server measured of itself, as its stack announces it; null where the stack announces nothing.</summary>
    public IReadOnlyList<AnnouncedRecord>? Announced { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }
}
