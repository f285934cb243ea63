namespace ServeBench.Domain.Trials;

/// <summary>
/// How fast the raw runtime is on a workload's inputs, in a loop inside one process with no server, at the
/// best single batch size: what a server that does not choose its batches by length cannot exceed.
/// </summary>
public sealed record CeilingRecord
{
    public const string CurrentSchema = "servebench-ceiling/1";

    public string Schema { get; init; } = CurrentSchema;

    public required string Fingerprint { get; init; }
    public required string Workload { get; init; }
    public required string Model { get; init; }
    public required string Weights { get; init; }
    public required string Precision { get; init; }

    /// <summary>0 for the sweep before the run; from 1 for the repetition inside each block.</summary>
    public required int Trial { get; init; }

    public required string MeasuredByRun { get; init; }
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>
    /// The state of the machine when the start that measured it began; null in sweeps, and in records of before it was kept.
    /// </summary>
    public ConditionsRecord? Conditions { get; init; }

    /// <summary>The batch size that was fastest.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Items per second at that batch size.</summary>
    public required double ItemsPerSecond { get; init; }

    /// <summary>Every batch size tried.</summary>
    public required IReadOnlyList<CeilingPoint> Sweep { get; init; }

    public required IReadOnlyList<int> Cpus { get; init; }

    /// <summary>The runtime, its version and session options, for people.</summary>
    public required string Runtime { get; init; }
}

/// <param name="BatchSize">Items per execution; inputs of similar length share one.</param>
/// <param name="ItemsPerSecond">Items per second.</param>
/// <param name="Executions">How many executions that was measured over.</param>
public sealed record CeilingPoint(int BatchSize, double ItemsPerSecond, int Executions);
