using System.Diagnostics;
using ServeBench.Domain.Progress;
using Spectre.Console;

namespace ServeBench.Build.Terminal;

/// <summary>A step under way, and what its live line says.</summary>
internal sealed class StepLine(TerminalObserver owner, string title, TimeSpan? expected) : IStep
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private double? _fraction;
    private string _detail = "";
    private bool _tellsTimeLeft;

    public string Title => title;

    /// <summary>Its live line; null where there is no terminal.</summary>
    public ProgressTask? Task { get; set; }

    public void Report(double? fraction, string detail) => Show(fraction, detail, tellsTimeLeft: false);

    public void ReportWithTimeLeft(double? fraction, string detail) => Show(fraction, detail, tellsTimeLeft: true);

    private void Show(double? fraction, string detail, bool tellsTimeLeft)
    {
        _tellsTimeLeft = tellsTimeLeft;
        _fraction = fraction;
        _detail = detail;
        if (Task is not { } task) return;
        task.IsIndeterminate = fraction is null;
        // A task that has reached its end vanishes; the step ends when it is disposed.
        task.Value = Math.Clamp(fraction ?? 0, 0, 0.999);
    }

    public void Dispose() => owner.End(this);

    public override string ToString()
    {
        var elapsed = Stopwatch.GetElapsedTime(_started);
        // A detail that tells the time left knows better: what was there before the step began is no measure of its pace.
        var left = _tellsTimeLeft ? null : Left(elapsed);
        var share = _fraction is { } fraction ? $" {fraction:P0}" : "";
        var time = left is { } remaining ? $", {Words(remaining)} left" : elapsed > TimeSpan.FromSeconds(2) ? $", {Words(elapsed)}" : "";
        return _detail.Length == 0 ? $"{title}{share}{time}" : $"{title}{share}{time} | {_detail}";
    }

    /// <summary>A time as people say it: <c>45 s</c>, <c>2 min 5 s</c>.</summary>
    internal static string Words(TimeSpan time) =>
        time.TotalSeconds < 90
            ? $"{Math.Max(1, Math.Round(time.TotalSeconds))} s"
            : $"{Math.Floor(time.TotalMinutes)} min {time.Seconds} s";

    /// <summary>By the pace so far once it means something, before that by what was expected.</summary>
    private TimeSpan? Left(TimeSpan elapsed)
    {
        if (_fraction is > 0.05 and <= 1) return elapsed / _fraction.Value * (1 - _fraction.Value);
        if (expected is not { } whole || whole < elapsed) return null;
        return whole - elapsed;
    }
}
