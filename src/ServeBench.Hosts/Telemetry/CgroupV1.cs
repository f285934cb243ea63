namespace ServeBench.Hosts.Telemetry;

/// <summary>Version 1: a folder per controller.</summary>
internal sealed class CgroupV1(string accounting, string cpu, string memory) : Cgroup
{
    public override int Version => 1;

    public override double? CpuSeconds() => Cpu(accounting);

    public override QuotaUse? Quota()
    {
        if (Number(Read($"{cpu}/cpu.cfs_quota_us")) is null) return null; // -1: no quota
        var stat = Read($"{cpu}/cpu.stat");
        return Value(stat, "nr_periods") is { } periods
            && Value(stat, "nr_throttled") is { } throttled
            && Value(stat, "throttled_time") is { } stopped
            ? new QuotaUse(periods, throttled, stopped / 1e9)
            : null;
    }

    public override long? WorkingSetBytes() =>
        Number(Read($"{memory}/memory.usage_in_bytes")) is { } usage
            && Value(Read($"{memory}/memory.stat"), "total_inactive_file") is { } inactive
            ? Math.Max(0, usage - inactive)
            : null;

    public override long? OomKills() => Value(Read($"{memory}/memory.oom_control"), "oom_kill");

    public override IReadOnlyDictionary<string, double> OtherContainersCpuSeconds() =>
        Siblings(accounting).ToDictionary(s => s, s => Cpu(s) ?? 0);

    private static double? Cpu(string folder) => Number(Read($"{folder}/cpuacct.usage")) / 1e9;
}
