namespace ServeBench.Domain.Trials;

/// <summary>Which case it was. The names are those of the catalogues.</summary>
public sealed record CaseRecord
{
    public required string Group { get; init; }
    public required string Workload { get; init; }
    public required string Scenario { get; init; }

    /// <summary><c>capacity</c> or <c>latency</c>.</summary>
    public required string Question { get; init; }

    /// <summary>The level's short name within the scenario, for example <c>c16</c>.</summary>
    public required string Level { get; init; }

    /// <summary>The contender's label, unique in the run.</summary>
    public required string Contender { get; init; }

    public required string Stack { get; init; }

    /// <summary>True when this is the second appearance of the same stack in the run (the A/A twin).</summary>
    public required bool IsTwin { get; init; }

    public required string Track { get; init; }
    public required string Model { get; init; }

    /// <summary><c>seeded</c> or <c>pretrained</c>.</summary>
    public required string Weights { get; init; }

    public required string Precision { get; init; }
    public required string Host { get; init; }
    public required string Protocol { get; init; }

    /// <summary>From 1; equal to the block in which it was planned.</summary>
    public required int Trial { get; init; }

    /// <summary>True when the run's second driver measured what its first one did, too; absent otherwise.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDriverCheck { get; init; }
}
