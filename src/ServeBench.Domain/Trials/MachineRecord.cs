namespace ServeBench.Domain.Trials;

/// <summary>The machine that numbers were measured on. No host name and no address: reports are published.</summary>
public sealed record MachineRecord
{
    public required string Cpu { get; init; }
    public required int LogicalCores { get; init; }
    public required long MemoryBytes { get; init; }
    public required string OperatingSystem { get; init; }
    public required string Kernel { get; init; }
    public required string Architecture { get; init; }

    /// <summary>Hypervisor or container runtime, when one can be told; null when none was seen.</summary>
    public string? Virtualisation { get; init; }

    /// <summary>Names of the accelerators, empty when there are none.</summary>
    public required IReadOnlyList<string> Accelerators { get; init; }

    public required string DotNet { get; init; }
}
