using System.Text.Json.Serialization;
using ServeBench.Measurement.Comparisons;

namespace ServeBench.Measurement.Drivers;

/// <summary>One headline figure as two load drivers measured it on the same deployments (docs/decisions/0109).</summary>
public sealed record DriverAgreement
{
    public required string Workload { get; init; }
    public required string Model { get; init; }
    public required string Host { get; init; }
    public required string Scenario { get; init; }
    public required string Level { get; init; }

    /// <summary>Id of the metric.</summary>
    public required string Metric { get; init; }

    /// <summary>The run's driver.</summary>
    public required string First { get; init; }

    /// <summary>The driver that measured a second time.</summary>
    public required string Second { get; init; }

    public required IReadOnlyList<DriverRatio> Stacks { get; init; }
}

/// <summary>How many times the first driver's figure of a stack the second's is.</summary>
public sealed record DriverRatio
{
    public required string Stack { get; init; }

    /// <summary>Deployments on which both measured.</summary>
    public required int Pairs { get; init; }

    /// <summary>Geometric mean of the first driver's figures over those, stored unit; null when there are none.</summary>
    public double? First { get; init; }

    public double? Second { get; init; }

    public double? Ratio { get; init; }

    /// <summary>Lower end of the ratio's 95 % interval; null with one pair of one stack, which has no spread.</summary>
    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>Why there is no ratio; null when there is one.</summary>
    public string? NotMeasured { get; init; }

    /// <summary>Null when there is no ratio.</summary>
    public DriverVerdict? Verdict => Ratio is null ? null
        : Low >= 1 / Procedure.PracticalRatio && High <= Procedure.PracticalRatio ? DriverVerdict.Agree
        : Low > Procedure.PracticalRatio || High < 1 / Procedure.PracticalRatio ? DriverVerdict.Disagree
        : DriverVerdict.Undecided;

    /// <summary>True where the ratio itself is beyond 5 %, whether or not its interval is.</summary>
    public bool IsFinding => Ratio is > Procedure.PracticalRatio or < 1 / Procedure.PracticalRatio;
}

[JsonConverter(typeof(JsonStringEnumConverter<DriverVerdict>))]
public enum DriverVerdict
{
    /// <summary>The whole interval lies within 5 %.</summary>
    [JsonStringEnumMemberName("agree")]
    Agree,

    /// <summary>The whole interval lies beyond it.</summary>
    [JsonStringEnumMemberName("disagree")]
    Disagree,

    [JsonStringEnumMemberName("undecided")]
    Undecided,
}
