using System.Text.Json.Serialization;

namespace ServeBench.Measurement.Results;

/// <summary>The best stack on one question of one workload against one of the others.</summary>
public sealed record Comparison
{
    public required string Question { get; init; }
    public required string Workload { get; init; }
    public required string Model { get; init; }
    public required string Host { get; init; }
    public required string Scenario { get; init; }

    /// <summary>The common level of a latency question; null for capacity, where each side has its own best level.</summary>
    public string? Level { get; init; }

    /// <summary>Id of the metric compared; null when nothing could be.</summary>
    public string? Metric { get; init; }

    /// <summary>The stack that looks best.</summary>
    public required ComparisonSide First { get; init; }

    public required ComparisonSide Second { get; init; }

    /// <summary>Better: the first is.</summary>
    public required ComparisonVerdict Verdict { get; init; }

    /// <summary>
    /// How many times as good the first is, from differences within blocks: 1.3 for 30 % more, or for a latency 1.3 times as long
    /// of the second.
    /// </summary>
    public double? Ratio { get; init; }

    /// <summary>Lower end of its interval; those of a question hold all at once with 95 % confidence.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end.</summary>
    public double? High { get; init; }

    /// <summary>
    /// Exact permutation test of the blocks' differences, for this comparison alone; null where blocks are too few or too many.
    /// </summary>
    public double? P { get; init; }

    /// <summary>
    /// How many trials of each stack would decide at the spread seen; null when it is decided, or no feasible number would.
    /// </summary>
    public int? TrialsNeeded { get; init; }

    /// <summary>Why the verdict is what it is, for people.</summary>
    public required string Reason { get; init; }
}

/// <summary>One stack in a comparison; the A/A twin's trials are pooled with its stack's own.</summary>
/// <param name="Level">The level that its values come from; null when there was none to take.</param>
/// <param name="Values">One per trial, stored unit; none when it cannot take part.</param>
/// <param name="Absence">Why it cannot take part; null when it can.</param>
public sealed record ComparisonSide(
    string Stack, IReadOnlyList<string> Contenders, string? Level, IReadOnlyList<double> Values, double? Median, string? Absence = null)
{
    /// <summary>Saturated: it could not do what was asked, and is ranked below all that could. Null where it was not measured.</summary>
    public Standing? Standing { get; init; }

    /// <summary>Requests per second that a saturated stack did hold.</summary>
    public double? RateHeld { get; init; }

    /// <summary>True when its best level is the last one tried, so that it may be able to do more.</summary>
    public bool AtLeast { get; init; }

    /// <summary>
    /// True when its warm-up settled in no more than half of the trials of each of its labels, so that it cannot win (method.md,
    /// rule 10).
    /// </summary>
    public bool Unsettled { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<ComparisonVerdict>))]
public enum ComparisonVerdict
{
    /// <summary>The whole interval lies beyond the least ratio that matters.</summary>
    [JsonStringEnumMemberName("better")]
    Better,

    /// <summary>The whole interval lies within it.</summary>
    [JsonStringEnumMemberName("equivalent")]
    Equivalent,

    /// <summary>Neither: more trials are needed.</summary>
    [JsonStringEnumMemberName("undecided")]
    Undecided,

    /// <summary>A side has nothing to compare, or shares no block with the rest.</summary>
    [JsonStringEnumMemberName("not-compared")]
    NotCompared,
}
