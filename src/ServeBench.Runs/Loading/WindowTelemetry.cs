using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;
using ServeBench.Load;
using ServeBench.Runs.Counters;

namespace ServeBench.Runs.Loading;

/// <summary>
/// What the server used and counted during the measured window. Use is divided by the window, so its meter runs from the first
/// moment to the last and waits for nobody. The counters are asked of a server under load, which may take its time: they span
/// from the moment of their first answer to that of their last, and only their ratio is used.
/// </summary>
internal sealed class WindowTelemetry : IWindowListener, IDisposable
{
    private readonly IDeployment _deployment;
    private readonly CounterReader? _counters;
    private Task<ServerCounters?>? _before;

    public WindowTelemetry(IDeployment deployment, CounterSource? counters)
    {
        _deployment = deployment;
        _counters = counters is null ? null : new CounterReader(deployment.Endpoint, counters);
    }

    /// <summary>Null until the window has ended.</summary>
    public ServerUse? Use { get; private set; }

    /// <summary>What the counters advanced by; null when the server has none, or did not tell, or told only after the window.</summary>
    public ServerCounters? Counted { get; private set; }

    /// <summary>Why there are no counters: what happened, not what may have; null when there are some.</summary>
    public string? Absence { get; private set; }

    /// <summary>Whether the counters of the window's beginning are in.</summary>
    internal bool HasFirstReading => _before is { IsCompleted: true };

    public void Starting()
    {
        _deployment.Meter.Start();
        // Not waited for: whoever calls would hear of the window's end too late, and the meter would run past it.
        if (_counters is { } counters) _before = Task.Run(counters.Read);
    }

    public void Ended()
    {
        Use = _deployment.Meter.Stop();
        if (_counters is null) Absence = "its stack announces no counters";
        else if (_before is not { IsCompletedSuccessfully: true }) Absence = "the server told its counters of the window's beginning only after the window";
        else if (_before.Result is not { } before) Absence = "the server did not tell its counters at the window's beginning";
        else if (_counters.Read() is not { } after) Absence = "the server did not tell its counters at the window's end";
        else Counted = new ServerCounters(after.Inferences - before.Inferences, after.Executions - before.Executions);
    }

    public void Dispose() => _counters?.Dispose();
}
