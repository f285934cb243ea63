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

    /// <summary>Hypervisor or container runtime, when one can be determined; null when none was seen.</summary>
    public string? Virtualisation { get; init; }

    /// <summary>Names of the accelerators, empty when there are none.</summary>
    public required IReadOnlyList<string> Accelerators { get; init; }

    public required string DotNet { get; init; }
}

/// <summary>How the processors were set up when a run began. What the system does not report is absent.</summary>
public sealed record CpuStateRecord
{
    /// <summary>
    /// Frequency governors of the cores that took part, each once; empty where there are none to be seen, as in most virtual
    /// machines.
    /// </summary>
    public required IReadOnlyList<string> Governors { get; init; }

    /// <summary>Whether cores may run above their base clock; null when the system does not report it.</summary>
    public bool? Turbo { get; init; }

    /// <summary>
    /// Physical cores on which client and servers had a hardware thread each, as lists of threads; empty when there are none.
    /// </summary>
    public required IReadOnlyList<string> SharedCores { get; init; }
}
