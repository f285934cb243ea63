using ServeBench.Domain.Trials;

namespace ServeBench.Load.Native;

/// <summary>Reads what the client's cores did over the window, beside the load.</summary>
internal sealed class ClientUseMeter(IReadOnlyList<int> cpus)
{
    private ProcStat? _start;
    private ProcStat? _end;

    public void Start() => _start = ProcStat.Read();

    public void End() => _end = ProcStat.Read();

    /// <param name="cpuSeconds">CPU time of the driver's thread over the window; null where it cannot be obtained.</param>
    public ClientUse Result(double? cpuSeconds) => new()
    {
        CpuSeconds = cpuSeconds,
        CoresBusy = _start is not null && cpus.Count > 0 ? _end?.Busy(_start, cpus) : null,
        Steal = _start is not null ? _end?.Steal(_start, cpus) : null,
        Cpus = cpus,
    };
}
