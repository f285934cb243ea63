namespace ServeBench.Hosts.Telemetry;

/// <summary>Version 2: one folder.</summary>
internal sealed class CgroupV2(string folder) : Cgroup
{
    public override int Version => 2;

    public override double? CpuSeconds() => Cpu(folder);

    public override QuotaUse? Quota()
    {
        if (Read($"{folder}/cpu.max") is not { } quota || quota.StartsWith("max", StringComparison.Ordinal)) return null;
        var stat = Read($"{folder}/cpu.stat");
        return Value(stat, "nr_periods") is { } periods
            && Value(stat, "nr_throttled") is { } throttled
            && Value(stat, "throttled_usec") is { } stopped
            ? new QuotaUse(periods, throttled, stopped / 1e6)
            : null;
    }

    public override long? WorkingSetBytes() =>
        Number(Read($"{folder}/memory.current")) is { } usage && Value(Read($"{folder}/memory.stat"), "inactive_file") is { } inactive
            ? Math.Max(0, usage - inactive)
            : null;

    public override long? OomKills() => Value(Read($"{folder}/memory.events"), "oom_kill");

    public override IReadOnlyDictionary<string, double> OtherContainersCpuSeconds() =>
        Siblings(folder).ToDictionary(s => s, s => Cpu(s) ?? 0);

    private static double? Cpu(string folder) => Value(Read($"{folder}/cpu.stat"), "usage_usec") / 1e6;
}
