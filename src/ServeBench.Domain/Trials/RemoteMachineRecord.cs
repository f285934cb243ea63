namespace ServeBench.Domain.Trials;

/// <summary>The machine that servers ran on, where it is not the client's. No name and no address: reports are published.</summary>
public sealed record RemoteMachineRecord
{
    public required int LogicalCores { get; init; }
    public required long MemoryBytes { get; init; }
    public required string OperatingSystem { get; init; }
    public required string Kernel { get; init; }
    public required string Architecture { get; init; }

    /// <summary>What lies between client and server, and is in every latency: <c>the network and an ssh tunnel</c>.</summary>
    public required string Between { get; init; }
}
