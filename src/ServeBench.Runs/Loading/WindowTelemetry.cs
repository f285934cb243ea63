using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;
using ServeBench.Load;

namespace ServeBench.Runs.Loading;

/// <summary>What the server used and counted during the measured window.</summary>
internal sealed class WindowTelemetry : IWindowListener, IDisposable
{
    private readonly IDeployment _deployment;
    private readonly CounterReader? _counters;
    private ServerCounters? _before;

    public WindowTelemetry(IDeployment deployment, CounterSource? counters)
    {
        _deployment = deployment;
        _counters = counters is null ? null : new CounterReader(deployment.Endpoint, counters);
    }

    /// <summary>Null until the window has ended.</summary>
    public ServerUse? Use { get; private set; }

    /// <summary>What the counters advanced by; null when the server has none or did not tell.</summary>
    public ServerCounters? Counted { get; private set; }

    public void Starting()
    {
        _before = _counters?.Read();
        _deployment.Meter.Start();
    }

    public void Ended()
    {
        Use = _deployment.Meter.Stop();
        if (_before is { } before && _counters?.Read() is { } after)
            Counted = new ServerCounters(after.Inferences - before.Inferences, after.Executions - before.Executions);
    }

    public void Dispose() => _counters?.Dispose();
}
