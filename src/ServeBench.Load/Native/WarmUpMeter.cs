using ServeBench.Domain.Trials;
using ServeBench.Platform;

namespace ServeBench.Load.Native;

/// <summary>
/// Measures warm-up in windows and tells when the server has settled (method.md, rule 10): when a row of windows shows no trend,
/// in rate nor in the highest of p95 and the median that their samples support (docs/decisions/0032).
/// </summary>
internal sealed class WarmUpMeter
{
    /// <summary>Windows in a row that must show no trend.</summary>
    public const int Row = 6;

    /// <summary>Successes from which on a window has a p95 (method.md, rule 14).</summary>
    public const int SamplesOfP95 = 130;

    private readonly List<WarmUpWindow> _windows = [];
    private long[] _latencies = new long[4096];
    private int _count;

    public IReadOnlyList<WarmUpWindow> Windows => _windows;

    /// <summary>A request succeeded in the present window.</summary>
    public void Succeeded(long latency)
    {
        if (_count == _latencies.Length) Array.Resize(ref _latencies, _count * 2);
        _latencies[_count++] = latency;
    }

    /// <summary>Ends the present window and begins the next.</summary>
    public void Close(long length)
    {
        var seconds = MonotonicClock.Seconds(length);
        var sorted = _latencies.AsSpan(0, _count);
        sorted.Sort();
        _windows.Add(new WarmUpWindow(
            seconds,
            _count / seconds,
            _count == 0 ? null : Quantiles.Seconds(sorted, 0.5),
            _count < SamplesOfP95 ? null : Quantiles.Seconds(sorted, 0.95)));
        _count = 0;
    }

    public bool Settled
    {
        get
        {
            if (_windows.Count < Row) return false;
            var last = _windows.TakeLast(Row).ToArray();
            if (last.Any(w => w.P50Seconds is null)) return false;
            var p95 = last.All(w => w.P95Seconds is not null);
            return !Trend.IsIn([.. last.Select(w => w.RequestsPerSecond)])
                && !Trend.IsIn([.. last.Select(w => (p95 ? w.P95Seconds : w.P50Seconds)!.Value)]);
        }
    }
}
