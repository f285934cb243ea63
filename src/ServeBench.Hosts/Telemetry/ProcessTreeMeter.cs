using System.Runtime.InteropServices;
using ServeBench.Domain.Trials;

namespace ServeBench.Hosts.Telemetry;

/// <summary>
/// Measures the processes of a server through /proc: CPU time as the difference between the ends of the window (resolution one clock
/// tick, 10 ms), or exactly where they have a control group of their own; resident memory by reading it every 100 ms.
/// </summary>
/// <param name="members">Ids of the server's processes.</param>
/// <param name="cpus">The cores that they are confined to.</param>
/// <param name="groupCpuSeconds">CPU time of their control group, in seconds; null, or giving null, where there is none.</param>
/// <param name="keeper">Keeps them on those cores; null where nobody does.</param>
internal sealed partial class ProcessTreeMeter(
    Func<IReadOnlyList<int>> members, IReadOnlyList<int> cpus, Func<double?>? groupCpuSeconds = null, CoreKeeper? keeper = null)
    : IUsageMeter
{
    private static readonly double TicksPerSecond = OperatingSystem.IsLinux() ? SystemConfiguration(ClockTicks) : 0;
    private const int ClockTicks = 2; // _SC_CLK_TCK

    private MemorySampler? _memory;
    private CoreTimes? _coresBefore;
    private IReadOnlyDictionary<int, long> _threadsAtStart = new Dictionary<int, long>();
    private double? _groupAtStart;
    private long _ticksAtStart;
    private long _startedAt;

    /// <summary>Ids of the threads that computed in the last window; null before its end.</summary>
    public IReadOnlySet<int>? BusyThreads { get; private set; }

    public void Start()
    {
        if (!OperatingSystem.IsLinux()) return;
        keeper?.Begin();
        _memory = new MemorySampler(() => ProcessTree.ResidentBytes(members()));
        _threadsAtStart = ThreadTimes.Read(members());
        _startedAt = System.Diagnostics.Stopwatch.GetTimestamp();
        _coresBefore = CoreTimes.Read(cpus);
        _groupAtStart = groupCpuSeconds?.Invoke();
        _ticksAtStart = ProcessTree.CpuTicks(members());
    }

    public ServerUse Stop()
    {
        if (_memory is null) return new ServerUse { Cpus = cpus, Source = "not measured: only Linux reports what a process tree uses" };
        var tree = members();
        var ticks = ProcessTree.CpuTicks(tree) - _ticksAtStart;
        var group = groupCpuSeconds?.Invoke() - _groupAtStart;
        var cores = CoreTimes.Read(cpus);
        var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;
        BusyThreads = ThreadTimes.Read(tree)
            .Where(t => t.Value - _threadsAtStart.GetValueOrDefault(t.Key) >= ServerProcessRecord.BusyShare * seconds * TicksPerSecond)
            .Select(t => t.Key)
            .ToHashSet();
        var readings = _memory.Stop();
        var kept = keeper?.End();
        if (tree.Count == 0)
            return new ServerUse { Cpus = cpus, Keeping = kept, Source = "not measured: the server ended within the window" };
        return new ServerUse
        {
            CpuSeconds = group ?? (ticks / TicksPerSecond),
            MeanResidentBytes = readings.Average(),
            PeakResidentBytes = readings.Max(),
            MemoryReadings = readings.Count,
            Cpus = cpus,
            CoresBusySeconds = cores is not null && _coresBefore is not null ? cores.BusySecondsSince(_coresBefore) : null,
            StolenSeconds = cores is not null && _coresBefore is not null ? cores.StolenSecondsSince(_coresBefore) : null,
            Keeping = kept,
            Source = group is null ? "process tree, /proc" : "control group of its own (CPU) and process tree, /proc (memory)",
        };
    }

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial long SystemConfiguration(int name);
}
