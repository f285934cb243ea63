using ServeBench.Build.Composition;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Trials;

namespace ServeBench.Build.Stages;

/// <summary>Measures the load driver and, when that is what was asked for, shows what it found.</summary>
internal static class CalibrateStage
{
    public static async Task RunAsync(BuildContext context)
    {
        foreach (var session in context.Sessions)
        {
            // On the way to a load that has nothing to do, there is nothing to prove.
            if (!context.IsTarget("Calibrate") && await session.CompleteAsync(context.Cancelled) is not null) continue;
            var record = await session.CalibrationAsync(context.Cancelled);
            if (context.IsTarget("Calibrate")) Show(record, context.Screen);
        }
    }

    private static void Show(CalibrationRecord record, Screen screen)
    {
        screen.Say($"{record.Driver} against a null server: requests of {record.RequestBytes} bytes, answers of {record.ResponseBytes} bytes, measured {record.StartedUtc:u}");
        string[][] rows =
        [
            ["in flight", "requests/s", "driver CPU per request"],
            .. record.Points.Select(p => new[] { $"{p.Concurrency}", $"{p.RequestsPerSecond:0}", p.CpuSecondsPerRequest is { } cpu ? $"{cpu * 1e6:0.0} us" : "not measured" }),
        ];
        foreach (var line in Columns.Align(rows)) screen.Say(line);
        if (record.Lateness is { } late)
            screen.Say($"Started late at {late.RatePerSecond:0} requests/s: p50 {late.P50Seconds * 1e6:0} us, p99 {late.P99Seconds * 1e6:0} us, at most {late.MaximumSeconds * 1e6:0} us");
        if (record.Truth is not { } truth) return;
        screen.Say($"Planted latencies ({truth.Planted}, {truth.RatePerSecond:0} requests/s, {truth.Requests} requests):");
        string[][] check =
        [
            ["percentile", "planted", "reported", "error"],
            .. truth.Points.Select(p => new[]
            {
                $"p{p.Percentile}", $"{p.PlantedSeconds * 1e3:0.000} ms", $"{p.ReportedSeconds * 1e3:0.000} ms",
                $"{(p.ReportedSeconds - p.PlantedSeconds) * 1e3:+0.000;-0.000} ms ({(p.ReportedSeconds - p.PlantedSeconds) / p.PlantedSeconds:+0.0%;-0.0%})",
            }),
        ];
        foreach (var line in Columns.Align(check)) screen.Say(line);
    }
}
