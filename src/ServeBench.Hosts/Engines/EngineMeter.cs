using ServeBench.Domain.Trials;
using ServeBench.Hosts.Telemetry;

namespace ServeBench.Hosts.Engines;

/// <summary>
/// Measures a container on another machine by what its engine counts: CPU time, quota and network as differences between the ends
/// of the window, each read within one way there and back; memory twice a second. What its cores did beside it, and processes
/// killed for lack of memory, the engine does not report.
/// </summary>
internal sealed class EngineMeter(EngineClient engine, string container, IReadOnlyList<int> cpus, GpuMeter? gpu) : IUsageMeter, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private MemorySampler? _memory;
    private EngineStats? _before;
    private string _problem = "";

    public void Start()
    {
        (_before, _problem) = engine.Stats(container);
        gpu?.Start();
        _memory = new MemorySampler(() => engine.Stats(container).Stats?.MemoryBytes, Interval);
    }

    public ServerUse Stop()
    {
        var (after, problem) = engine.Stats(container);
        var readings = _memory?.Stop() ?? [];
        var gpuUse = _memory is null ? null : gpu?.Stop();
        if (_before is null || after is null || readings.Count == 0)
            return new ServerUse { Cpus = cpus, Gpu = gpuUse, Source = $"not measured: {(_before is null ? _problem : problem)}" };
        return new ServerUse
        {
            CpuSeconds = after.CpuSeconds - _before.CpuSeconds,
            MeanResidentBytes = readings.Average(),
            PeakResidentBytes = readings.Max(),
            MemoryReadings = readings.Count,
            Cpus = cpus,
            QuotaPeriods = (int)(after.Quota.Periods - _before.Quota.Periods),
            ThrottledPeriods = (int)(after.Quota.Throttled - _before.Quota.Throttled),
            ThrottledSeconds = after.Quota.StoppedSeconds - _before.Quota.StoppedSeconds,
            ReceivedBytes = after.ReceivedBytes - _before.ReceivedBytes,
            SentBytes = after.SentBytes - _before.SentBytes,
            Gpu = gpuUse,
            Source = "the Docker Engine's counters, asked through ssh; memory is what it uses less inactive file cache",
        };
    }

    public void Dispose()
    {
        engine.Dispose();
        gpu?.Dispose();
    }
}
