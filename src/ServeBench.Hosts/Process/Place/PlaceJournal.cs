namespace ServeBench.Hosts.Process.Place;

/// <summary>What a later run must know to end and to remove what this one leaves when it is killed.</summary>
internal sealed record PlaceJournal
{
    /// <summary>Where <see cref="Owner"/> means something.</summary>
    public required string Realm { get; init; }

    /// <summary>The pipeline's process.</summary>
    public required string Owner { get; init; }

    public required string Deployment { get; init; }

    /// <summary>The process that ends the server when the pipeline dies; 0 where there is none.</summary>
    public int Guard { get; init; }

    /// <summary>When that began, in clock ticks since the system started.</summary>
    public long GuardStarted { get; init; }

    /// <summary>How long the server may take to end when it is asked to, in seconds: the guard waits as long.</summary>
    public double StopSeconds { get; init; }

    /// <summary>The server's main process, which leads its session; 0 before it was started.</summary>
    public int Server { get; init; }

    /// <summary>When that began, in clock ticks since the system started.</summary>
    public long Started { get; init; }

    /// <summary>Regular expressions for what it is known to leave in shared memory.</summary>
    public IReadOnlyList<string> SharedMemory { get; init; } = [];

    /// <summary>What lay in shared memory before it was started: not its own.</summary>
    public IReadOnlyList<string> SharedMemoryBefore { get; init; } = [];

    /// <summary>What it was seen to hold there.</summary>
    public IReadOnlyList<string> SharedMemoryHeld { get; init; } = [];

    /// <summary>Paths of files and folders that it is known to leave, and that were not there before.</summary>
    public IReadOnlyList<string> Leaves { get; init; } = [];
}
