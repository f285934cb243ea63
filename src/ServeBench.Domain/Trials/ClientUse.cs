namespace ServeBench.Domain.Trials;

/// <summary>What the client used, and what else was on its cores.</summary>
public sealed record ClientUse
{
    /// <summary>CPU time of the driver's own threads over the window.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>Share of the client's cores that was busy with anything at all, 0 to 1 (method.md, rule 3).</summary>
    public double? CoresBusy { get; init; }

    /// <summary>Share of the client's cores' time (of all cores' when it is not confined) that the hypervisor took away, 0 to 1.</summary>
    public double? Steal { get; init; }

    public required IReadOnlyList<int> Cpus { get; init; }
}
