using ServeBench.Domain.Trials;

namespace ServeBench.Hosts.Telemetry;

/// <summary>Measures a container through its control group: everything that runs in it, exactly, whoever started it.</summary>
/// <param name="process">Its first process, by its id on this machine.</param>
/// <param name="cpus">The cores it is confined to.</param>
/// <param name="gpu">Measures its GPU; null when it has none.</param>
internal sealed class CgroupMeter(int process, IReadOnlyList<int> cpus, GpuMeter? gpu) : IUsageMeter
{
    private readonly Cgroup? _group = Cgroup.Of(process);
    private MemorySampler? _memory;
    private Counters _before = new();

    public void Start()
    {
        if (_group is null) return;
        _memory = new MemorySampler(_group.WorkingSetBytes);
        gpu?.Start();
        _before = Now(_group);
    }

    public ServerUse Stop()
    {
        if (_group is null || _memory is null)
            return new ServerUse { Cpus = cpus, Source = "not measured: the container's control group is not to be seen from here" };
        var after = Now(_group);
        var readings = _memory.Stop();
        var gpuUse = gpu?.Stop();
        if (after.Cpu is null || _before.Cpu is null || readings.Count == 0)
            return new ServerUse
            {
                Cpus = cpus,
                OomKills = (int?)Since(after.OomKills, _before.OomKills),
                Source = "not measured: the container ended within the window"
            };
        return new ServerUse
        {
            CpuSeconds = after.Cpu - _before.Cpu,
            MeanResidentBytes = readings.Average(),
            PeakResidentBytes = readings.Max(),
            MemoryReadings = readings.Count,
            Cpus = cpus,
            CoresBusySeconds = after.Cores is { } cores && _before.Cores is { } earlier ? cores.BusySecondsSince(earlier) : null,
            StolenSeconds = after.Cores is { } now && _before.Cores is { } before ? now.StolenSecondsSince(before) : null,
            OtherContainersCpuSeconds = Cgroup.Between(_before.Others, after.Others),
            QuotaPeriods = (int?)Since(after.Quota?.Periods, _before.Quota?.Periods),
            ThrottledPeriods = (int?)Since(after.Quota?.Throttled, _before.Quota?.Throttled),
            ThrottledSeconds = after.Quota?.StoppedSeconds - _before.Quota?.StoppedSeconds,
            OomKills = (int?)Since(after.OomKills, _before.OomKills),
            ReceivedBytes = Since(after.Network?.Received, _before.Network?.Received),
            SentBytes = Since(after.Network?.Sent, _before.Network?.Sent),
            Gpu = gpuUse,
            Source = $"cgroup v{_group.Version}; memory is what it uses less inactive file cache",
        };
    }

    private Counters Now(Cgroup group) => new()
    {
        Cpu = group.CpuSeconds(),
        Cores = CoreTimes.Read(cpus),
        Others = group.OtherContainersCpuSeconds(),
        Quota = group.Quota(),
        OomKills = group.OomKills(),
        Network = NetworkBytes.Of(process),
    };

    private static long? Since(long? now, long? before) => now - before;

    private sealed record Counters
    {
        public double? Cpu { get; init; }
        public CoreTimes? Cores { get; init; }
        public IReadOnlyDictionary<string, double> Others { get; init; } = new Dictionary<string, double>();
        public QuotaUse? Quota { get; init; }
        public long? OomKills { get; init; }
        public NetworkBytes? Network { get; init; }
    }
}
