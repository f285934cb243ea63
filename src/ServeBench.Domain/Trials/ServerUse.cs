namespace ServeBench.Domain.Trials;

/// <summary>What the server's whole process tree (or cgroup) used over the measured window.</summary>
public sealed record ServerUse
{
    public double? CpuSeconds { get; init; }
    public double? MeanResidentBytes { get; init; }
    public double? PeakResidentBytes { get; init; }

    /// <summary>How many times memory was read in the window.</summary>
    public int MemoryReadings { get; init; }

    /// <summary>The cores it was confined to; empty when it was not confined.</summary>
    public required IReadOnlyList<int> Cpus { get; init; }

    /// <summary>How it was kept on its cores; null where it was not, and in records of earlier versions.</summary>
    public CoreKeeping? Keeping { get; init; }

    /// <summary>CPU-seconds that those cores were busy with anything at all; what is more than its own was foreign.</summary>
    public double? CoresBusySeconds { get; init; }

    /// <summary>CPU-seconds that the hypervisor took from those cores; absent from records made before it was measured.</summary>
    public double? StolenSeconds { get; init; }

    /// <summary>CPU time of the other containers of the same engine, on whatever cores.</summary>
    public double? OtherContainersCpuSeconds { get; init; }

    /// <summary>How many periods of its CPU quota (100 ms each) began; null without a quota.</summary>
    public int? QuotaPeriods { get; init; }

    /// <summary>In how many of them it had used its quota up and was stopped.</summary>
    public int? ThrottledPeriods { get; init; }

    /// <summary>For how long it was stopped then, summed over the cores on which it was; null without a quota.</summary>
    public double? ThrottledSeconds { get; init; }

    /// <summary>How many of its processes the kernel killed for lack of memory.</summary>
    public int? OomKills { get; init; }

    /// <summary>Bytes that its network interface received, headers and all.</summary>
    public double? ReceivedBytes { get; init; }

    /// <summary>Bytes that its network interface sent, headers and all.</summary>
    public double? SentBytes { get; init; }

    /// <summary>Null when it was given no GPU.</summary>
    public GpuUse? Gpu { get; init; }

    /// <summary>What was measured and how, or why it was not: <c>process tree, /proc</c>.</summary>
    public required string Source { get; init; }
}

/// <summary>What the GPUs did over the measured window.</summary>
public sealed record GpuUse
{
    /// <summary>Mean share of the time in which a kernel ran, 0 to 1.</summary>
    public double? Busy { get; init; }

    public double? PeakMemoryBytes { get; init; }

    public double? MeanWatts { get; init; }

    public int Readings { get; init; }

    /// <summary>What was measured and how, or why it was not.</summary>
    public required string Source { get; init; }
}
