using System.Diagnostics;
using ServeBench.Domain.Progress;

namespace ServeBench.Build.Terminal;

/// <summary>
/// Shows what long operations are doing: one live line with time left, redrawn twice a second (cheap, because it shares a core
/// with the load driver). When the output is piped, a step says once that it begins, and no more.
/// </summary>
public sealed class TerminalObserver : IRunObserver, IDisposable
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Screen _screen;
    private readonly List<Step> _steps = [];
    private Timer? _timer;

    public TerminalObserver(Screen screen) => _screen = screen;

    public IStep Begin(string step, TimeSpan? expected = null)
    {
        var begun = new Step(this, step, expected);
        lock (_gate)
        {
            _steps.Add(begun);
            if (_screen.IsInteractive) _timer ??= new Timer(_ => Show(), null, TimeSpan.Zero, Redraw);
        }
        if (!_screen.IsInteractive) _screen.Say(expected is { } time && time > TimeSpan.FromSeconds(2) ? $"{step} (about {Words(time)})" : step);
        return begun;
    }

    public void Say(string line) => _screen.Say(line);

    public void Warn(string line) => _screen.Warn(line);

    public void Dispose()
    {
        _timer?.Dispose();
        _screen.Live("");
    }

    private static string Words(TimeSpan time) => time.TotalSeconds < 90 ? $"{Math.Max(1, Math.Round(time.TotalSeconds))} s" : $"{Math.Floor(time.TotalMinutes)} min {time.Seconds} s";

    private void End(Step step)
    {
        lock (_gate)
        {
            _steps.Remove(step);
            if (_steps.Count > 0) return;
            _timer?.Dispose();
            _timer = null;
        }
        _screen.Live("");
    }

    private void Show()
    {
        string line;
        lock (_gate)
        {
            if (_steps.Count == 0) return;
            line = _steps[^1].Line();
        }
        _screen.Live(line);
    }

    private sealed class Step(TerminalObserver owner, string title, TimeSpan? expected) : IStep
    {
        private readonly long _started = Stopwatch.GetTimestamp();
        private double? _fraction;
        private string _detail = "";

        public void Report(double? fraction, string detail)
        {
            _fraction = fraction;
            _detail = detail;
        }

        public void Dispose() => owner.End(this);

        public string Line()
        {
            var elapsed = Stopwatch.GetElapsedTime(_started);
            // A detail that tells the time left knows better: what was there before the step began is no measure of its pace.
            var left = _detail.EndsWith(" left", StringComparison.Ordinal) ? null : Left(elapsed);
            var share = _fraction is { } fraction ? $" {fraction:P0}" : "";
            var time = left is { } remaining ? $", {Words(remaining)} left" : elapsed > TimeSpan.FromSeconds(2) ? $", {Words(elapsed)}" : "";
            return _detail.Length == 0 ? $"{title}{share}{time}" : $"{title}{share}{time} | {_detail}";
        }

        /// <summary>By the pace so far once it means something, before that by what was expected.</summary>
        private TimeSpan? Left(TimeSpan elapsed)
        {
            if (_fraction is > 0.05 and <= 1) return elapsed / _fraction.Value * (1 - _fraction.Value);
            if (expected is not { } whole || whole < elapsed) return null;
            return whole - elapsed;
        }
    }
}
