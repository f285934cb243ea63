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

    /// <summary>How the tokens of streamed answers came; null where answers are whole, or nobody counted what is in them.</summary>
    public StreamResult? Streams { get; init; }

    public double? Median(string metric) => Metrics.GetValueOrDefault(metric)?.Median;
}
