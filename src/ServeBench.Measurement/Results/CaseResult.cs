using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Results;

/// <summary>One workload at one level on one contender, over its trials.</summary>
public sealed record CaseResult
{
    /// <summary>The contender's label.</summary>
    public required string Contender { get; init; }

    /// <summary>What is compared: the stack's name, with its track when that is not the default one.</summary>
    public required string Stack { get; init; }
    public required bool IsTwin { get; init; }
    public required string Workload { get; init; }
    public required string Scenario { get; init; }

    /// <summary><c>capacity</c> or <c>latency</c>.</summary>
    public required string Question { get; init; }

    public required string Level { get; init; }
    public required string LevelTitle { get; init; }
    public required string Model { get; init; }
    public required string Weights { get; init; }
    public required string Precision { get; init; }
    public required string Host { get; init; }
    public required string Protocol { get; init; }

    /// <summary><c>closed</c> or <c>open</c>.</summary>
    public required string Loop { get; init; }

    /// <summary>The loop, which knows its words.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Domain.Plans.Loop LoopKind => Domain.Plans.Loop.Named(Loop);

    public int? Concurrency { get; init; }
    public double? RatePerSecond { get; init; }
    public required int ItemsPerRequest { get; init; }

    /// <summary>Whether it can be ranked, has lost, or says nothing (see <see cref="Results.Standing"/>).</summary>
    public required Standing Standing { get; init; }

    /// <summary>True when it can be ranked by its values.</summary>
    public bool Valid => Standing == Standing.Valid;

    /// <summary>
    /// Whether warm-up settled in more than half of the trials that count. A case that did not settle cannot win (method.md, rule
    /// 10).
    /// </summary>
    public bool Settled { get; init; } = true;

    /// <summary>Successful requests per second that the server kept up, median over the trials that count; null when none does.</summary>
    public double? RateHeld { get; init; }

    /// <summary>What was found in any trial, worst first.</summary>
    public required IReadOnlyList<CaseFinding> Findings { get; init; }

    /// <summary>By id, where the metric applies. It has a value only when every trial that counts has one.</summary>
    public required IReadOnlyDictionary<string, MetricResult> Metrics { get; init; }

    public required IReadOnlyList<TrialResult> Trials { get; init; }

    public required TimelineResult Timeline { get; init; }

    /// <summary>The stages of a ramp; null when the load does not change.</summary>
    public IReadOnlyList<StageResult>? Stages { get; init; }

    public double? Median(string metric) => Metrics.GetValueOrDefault(metric)?.Median;
}

/// <summary>What one rule found in one or more trials of a case.</summary>
/// <param name="Trials">Numbers of the trials.</param>
/// <param name="Message">What was found in the first of them.</param>
public sealed record CaseFinding(string Rule, Severity Severity, IReadOnlyList<int> Trials, string Message, string Advice);

/// <summary>The window of the trial nearest to the median, in equal parts.</summary>
public sealed record TimelineResult(int Trial, double PartSeconds, IReadOnlyList<TimelinePart> Parts);

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
