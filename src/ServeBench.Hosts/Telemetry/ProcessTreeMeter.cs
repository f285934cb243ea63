using System.Runtime.InteropServices;
using ServeBench.Domain.Trials;

namespace ServeBench.Hosts.Telemetry;

/// <summary>
/// Measures a process tree through /proc: CPU time as the difference between the ends of the window (resolution one clock
/// tick, 10 ms), resident memory by reading it every 100 ms.
/// </summary>
internal sealed partial class ProcessTreeMeter(int rootProcess, IReadOnlyList<int> cpus) : IUsageMeter
{
    private static readonly double TicksPerSecond = OperatingSystem.IsLinux() ? SystemConfiguration(ClockTicks) : 0;
    private const int ClockTicks = 2; // _SC_CLK_TCK

    private MemorySampler? _memory;
    private CoreTimes? _coresBefore;
    private long _ticksAtStart;

    public void Start()
    {
        if (!OperatingSystem.IsLinux()) return;
        _memory = new MemorySampler(() => ProcessTree.ResidentBytes(ProcessTree.Of(rootProcess)));
        _coresBefore = CoreTimes.Read(cpus);
        _ticksAtStart = ProcessTree.CpuTicks(ProcessTree.Of(rootProcess));
    }

    public ServerUse Stop()
    {
        if (_memory is null) return new ServerUse { Cpus = cpus, Source = "not measured: only Linux reports what a process tree uses" };
        var tree = ProcessTree.Of(rootProcess);
        var ticks = ProcessTree.CpuTicks(tree) - _ticksAtStart;
        var cores = CoreTimes.Read(cpus);
        var readings = _memory.Stop();
        if (tree.Count == 0) return new ServerUse { Cpus = cpus, Source = "not measured: the server ended within the window" };
        return new ServerUse
        {
            CpuSeconds = ticks / TicksPerSecond,
            MeanResidentBytes = readings.Average(),
            PeakResidentBytes = readings.Max(),
            MemoryReadings = readings.Count,
            Cpus = cpus,
            CoresBusySeconds = cores is not null && _coresBefore is not null ? cores.BusySecondsSince(_coresBefore) : null,
            StolenSeconds = cores is not null && _coresBefore is not null ? cores.StolenSecondsSince(_coresBefore) : null,
            Source = "process tree, /proc",
        };
    }

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial long SystemConfiguration(int name);
}
