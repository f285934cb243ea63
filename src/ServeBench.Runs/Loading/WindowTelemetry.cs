using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Hosts;
using ServeBench.Load;
using ServeBench.Runs.Counters;

namespace ServeBench.Runs.Loading;

/// <summary>
/// What the server used and counted during the measured window. Use is divided by the window, so its meter runs from the first
/// moment to the last and waits for nobody. The counters are asked of a server under load, which may take its time: they span
/// from the moment of their first answer to that of their last, and only their quotients are used.
/// </summary>
internal sealed class WindowTelemetry : IWindowListener, IDisposable
{
    private readonly IDeployment _deployment;
    private readonly CounterReader? _counters;
    private readonly CounterSource? _source;
    private readonly string _noCounters;
    private Task<CounterReading?>? _before;

    /// <param name="deployment">The server.</param>
    /// <param name="counters">Where its counters are; null when it has none.</param>
    /// <param name="absence">Why it has none, as its stack says it.</param>
    public WindowTelemetry(IDeployment deployment, CounterSource? counters, string? absence = null)
    {
        _noCounters = absence is null ? "its stack announces no counters" : $"not measured: {absence}";
        _deployment = deployment;
        _source = counters;
        _counters = counters is null ? null : new CounterReader(deployment.Target(Endpoints.Metrics), counters);
    }

    /// <summary>Null until the window has ended.</summary>
    public ServerUse? Use { get; private set; }

    /// <summary>
    /// What the counters advanced by; null when the server has none, or reported them not at all or only after the window.
    /// </summary>
    public ServerCounters? Counted { get; private set; }

    /// <summary>Why there are no counters: what happened, not what may have; null when there are some.</summary>
    public string? Absence { get; private set; }

    /// <summary>What the stack announces besides; null when it announces nothing.</summary>
    public IReadOnlyList<AnnouncedRecord>? Announced { get; private set; }

    /// <summary>Every process of the server right after the window; null where they cannot be seen.</summary>
    public IReadOnlyList<ServerProcessRecord>? Processes { get; private set; }

    /// <summary>Whether the counters of the window's beginning are in.</summary>
    internal bool HasFirstReading => _before is { IsCompleted: true };

    public void Starting()
    {
        _deployment.Meter.Start();
        // Not waited for: whoever calls would hear of the window's end too late, and the meter would run past it.
        if (_counters is { } counters) _before = Task.Run(() => LaterAsync(counters));
    }

    public void Ended()
    {
        Use = _deployment.Meter.Stop();
        Count();
        // Last: it looks at every process of the server, for which the counters would not wait.
        Processes = _deployment.Describe();
    }

    private void Count()
    {
        if (_counters is null || _source is null)
        {
            Absence = _noCounters;
            return;
        }
        var isIn = _before is { IsCompletedSuccessfully: true };
        var before = isIn ? _before!.Result : null;
        // Not asked again where nothing could be made of it.
        var after = before is not null || (isIn && _source.Measurements.Count > 0) ? LaterAsync(_counters).GetAwaiter().GetResult() : null;
        if (!isIn) Absence = "the server reported its counters of the window's beginning only after the window";
        else if (before?.Counters(_source) is not { } first) Absence = "the server did not report its counters at the window's beginning";
        else if (after?.Counters(_source) is not { } last) Absence = "the server did not report its counters at the window's end";
        else if (last.Inferences < first.Inferences || last.Executions < first.Executions)
            Absence = "the server's counters went back in the window: it was started again, or each of its workers counts for itself";
        else Counted = Advance(first, last);
        if (_source.Inferences is null) Absence = "its stack announces no counters of inferences and executions";
        if (_source.Measurements.Count > 0) Announced = [.. _source.Measurements.Select(m => Between(before, after, m))];
    }

    private AnnouncedRecord Between(CounterReading? before, CounterReading? after, StackMeasurement measurement) =>
        CounterReading.Between(before, after, measurement) with { Holds = measurement.Holds ?? _source!.Holds };

    /// <summary>Both readings are as late as the server's counts are, so that they span as much as the window.</summary>
    private async Task<CounterReading?> LaterAsync(CounterReader counters)
    {
        if (_source!.Delay > TimeSpan.Zero) await Task.Delay(_source.Delay);
        return counters.Read();
    }

    private static ServerCounters Advance(ServerCounters before, ServerCounters after) =>
        new(after.Inferences - before.Inferences, after.Executions - before.Executions)
        {
            Timings = before.Timings is { } first ? after.Timings?.Since(first) : null,
            TimingsAbsence = before.TimingsAbsence ?? after.TimingsAbsence,
        };

    public void Dispose() => _counters?.Dispose();
}
