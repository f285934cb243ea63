using System.Text.Json.Serialization;

namespace ServeBench.Measurement.Results;

/// <summary>Two stacks on one question of one workload.</summary>
public sealed record Comparison
{
    public required string Question { get; init; }
    public required string Workload { get; init; }
    public required string Model { get; init; }
    public required string Host { get; init; }
    public required string Scenario { get; init; }

    /// <summary>The common level of a latency question; null for capacity, where each side stands at its own best level.</summary>
    public string? Level { get; init; }

    /// <summary>Id of the metric compared; null when nothing could be.</summary>
    public string? Metric { get; init; }

    public required ComparisonSide First { get; init; }
    public required ComparisonSide Second { get; init; }

    public required ComparisonVerdict Verdict { get; init; }

    /// <summary>The stack that is better, when the verdict is a winner.</summary>
    public string? Winner { get; init; }

    /// <summary>The larger median over the smaller, minus one.</summary>
    public double? Difference { get; init; }

    /// <summary>The least difference that counts: 5 % or the noise floor, whichever is larger.</summary>
    public double? Threshold { get; init; }

    /// <summary>Exact two-sided Mann-Whitney over trials.</summary>
    public double? P { get; init; }

    /// <summary>The same, Holm-corrected over the comparisons that answer the same question.</summary>
    public double? AdjustedP { get; init; }

    /// <summary>How many comparisons that family has.</summary>
    public int? FamilySize { get; init; }

    /// <summary>Trials per contender that could decide, when there are too few; null when that many cannot be told.</summary>
    public int? TrialsNeeded { get; init; }

    /// <summary>False when the two sides were measured by different runs, so that a drift of the machine may lie between them.</summary>
    public required bool Interleaved { get; init; }

    /// <summary>Why the verdict is what it is, for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>One stack in a comparison; the A/A twin's trials are pooled with its stack's own.</summary>
/// <param name="Level">The level that its values come from; null when there was none to take.</param>
/// <param name="Values">One per trial, stored unit; none when it cannot stand.</param>
/// <param name="Absence">Why it cannot stand; null when it can.</param>
public sealed record ComparisonSide(
    string Stack, IReadOnlyList<string> Contenders, string? Level, IReadOnlyList<double> Values, double? Median, string? Absence = null);

[JsonConverter(typeof(JsonStringEnumConverter<ComparisonVerdict>))]
public enum ComparisonVerdict
{
    /// <summary>Significant over trials and large enough to matter.</summary>
    [JsonStringEnumMemberName("winner")]
    Winner,

    /// <summary>Enough trials to decide, and no winner.</summary>
    [JsonStringEnumMemberName("tie")]
    Tie,

    /// <summary>Even a complete separation of the trials would not be significant.</summary>
    [JsonStringEnumMemberName("too-few-trials")]
    TooFewTrials,

    /// <summary>A side has no VALID case, or no supported percentile.</summary>
    [JsonStringEnumMemberName("not-compared")]
    NotCompared,
}
