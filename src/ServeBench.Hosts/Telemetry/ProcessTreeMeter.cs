using System.Runtime.InteropServices;
using ServeBench.Domain.Trials;

namespace ServeBench.Hosts.Telemetry;

/// <summary>
/// Measures a process tree through /proc: CPU time as the difference between the ends of the window (resolution one clock
/// tick, 10 ms), resident memory by reading it every 100 ms.
/// </summary>
internal sealed partial class ProcessTreeMeter(int rootProcess, IReadOnlyList<int> cpus) : IUsageMeter
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly double TicksPerSecond = OperatingSystem.IsLinux() ? SystemConfiguration(ClockTicks) : 0;
    private const int ClockTicks = 2; // _SC_CLK_TCK

    private readonly List<long> _resident = [];
    private readonly object _ended = new();
    private Thread? _reader;
    private bool _open;
    private long _ticksAtStart;

    public void Start()
    {
        if (!OperatingSystem.IsLinux()) return;
        _resident.Clear();
        _open = true;
        _ticksAtStart = ProcessTree.CpuTicks(ProcessTree.Of(rootProcess));
        _reader = new Thread(ReadMemory) { IsBackground = true, Name = "memory of the server" };
        _reader.Start();
    }

    public ServerUse Stop()
    {
        if (_reader is null)
            return new ServerUse { Cpus = cpus, Source = "not measured: only Linux tells what a process tree uses" };
        lock (_ended)
        {
            _open = false;
            Monitor.Pulse(_ended);
        }
        _reader.Join();
        _reader = null;
        var tree = ProcessTree.Of(rootProcess);
        if (tree.Count == 0) return new ServerUse { Cpus = cpus, Source = "not measured: the server ended within the window" };
        var ticks = ProcessTree.CpuTicks(tree) - _ticksAtStart;
        return new ServerUse
        {
            CpuSeconds = ticks / TicksPerSecond,
            MeanResidentBytes = _resident.Average(),
            PeakResidentBytes = _resident.Max(),
            MemoryReadings = _resident.Count,
            Cpus = cpus,
            Source = "process tree, /proc",
        };
    }

    private void ReadMemory()
    {
        lock (_ended)
        {
            // The first reading is taken even of a window that has already ended.
            do
            {
                _resident.Add(ProcessTree.ResidentBytes(ProcessTree.Of(rootProcess)));
                if (_open) Monitor.Wait(_ended, Interval);
            }
            while (_open);
        }
    }

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial long SystemConfiguration(int name);
}
