using ServeBench.Build.Composition;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
using ServeBench.Load.Calibration.Tools;
using ServeBench.Runs.Calibrating;

namespace ServeBench.Build.Stages;

/// <summary>Measures the load driver and, when that is what was asked for, shows what it found.</summary>
internal static class CalibrateStage
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private static readonly string[] Missing = ["k6", "wrk", "hey", "ab"];

    public static async Task RunAsync(BuildContext context)
    {
        foreach (var session in context.Sessions)
        {
            // On the way to a load that has nothing to do, there is nothing to prove.
            if (!context.IsTarget("Calibrate") && await session.CompleteAsync(context.Cancelled) is not null) continue;
            var record = await session.CalibrationAsync(context.Cancelled);
            if (context.IsTarget("Calibrate")) Show(record, context.Screen);
        }
        if (context.IsTarget("Calibrate")) await CompareAsync(context);
    }

    /// <summary>Which driver reports the truth? Ours beside whatever other load tools are installed.</summary>
    private static async Task CompareAsync(BuildContext context)
    {
        var benchmark = await context.Services.BenchmarkAsync(context.Options, context.Cancelled);
        var tools = await context.Services.ToolsAsync(context.Options, benchmark.Cores.Client, context.Cancelled);
        var duration = context.Services.Catalogue.Profile(context.Options.Profile).Calibrate;
        var exchange = await context.Sessions[0].ToolExchangeAsync(context.Cancelled);
        var results = await new ToolCalibration(benchmark).MeasureAsync(
            tools, exchange, duration < Shortest ? Shortest : duration, context.Cancelled);
        context.Screen.Say(
            $"Load tools with {ToolComparison.Concurrency} requests in flight, of {exchange.Body.Length} bytes each, "
                + $"answers of {exchange.Answer.Length} bytes; "
                + $"errors are those of service latency against what the null server planted ({ToolComparison.Planted}):");
        string[][] rows = [
            [
                "tool",
                "requests/s",
                "CPU per request",
                .. ToolComparison.Percentiles.Select(p => $"p{p} error"),
                "requests",
                "started late, p99"],
            .. results.Select(Row)];
        context.Screen.Table(rows, hasHeading: true);
        foreach (var missing in Missing.Where(m => !results.Any(r => r.Tool.StartsWith(m, StringComparison.Ordinal))))
            context.Screen.Say($"{missing} is not installed");
    }

    private static string[] Row(ToolResult result) =>
    [
        result.Tool,
        $"{result.RequestsPerSecond:0}",
        result.CpuSecondsPerRequest is { } cpu ? $"{cpu * 1e6:0.0} us" : "not measured",
        .. result.Points.Select(p => p.ReportedSeconds is { } reported ? Error(reported, p.PlantedSeconds) : "not reported"),
        $"{result.Requests}",
        result.LatenessP99Seconds is { } late ? $"{late * 1e3:0.000} ms at {result.LatenessRate:0}/s" : "no open loop",
    ];

    /// <summary>Rounded before it is formatted: .NET writes what only rounds to zero with two signs.</summary>
    private static string Error(double reported, double planted) =>
        $"{Math.Round((reported - planted) * 1e3, 3) + 0.0:+0.000;-0.000} ms "
            + $"({Math.Round((reported - planted) / planted, 3) + 0.0:+0.0%;-0.0%})";

    private static void Show(CalibrationRecord record, Screen screen)
    {
        screen.Say(
            $"{record.Driver} against a null server: "
                + $"requests of {record.RequestBytes} bytes, answers of {record.ResponseBytes} bytes, measured {record.StartedUtc:u}");
        string[][] rows =
        [
            ["in flight", "requests/s", "driver CPU per request"],
            .. record.Points.Select(
                p => new[] { $"{p.Concurrency}", $"{p.RequestsPerSecond:0}", p.CpuSecondsPerRequest is { } cpu
                    ? $"{cpu * 1e6:0.0} us"
                    : "not measured" }),
        ];
        screen.Table(rows, hasHeading: true);
        if (record.Lateness is { } late)
            screen.Say(
                $"Started late at {late.RatePerSecond:0} requests/s: "
                    + $"p50 {late.P50Seconds * 1e6:0} us, p99 {late.P99Seconds * 1e6:0} us, at most {late.MaximumSeconds * 1e6:0} us");
        if (record.WakeUp is { } wake)
            screen.Say($"This machine wakes a sleeping thread late: p50 {wake.P50Seconds * 1e6:0} us, p95 {wake.P95Seconds * 1e6:0} us");
        if (record.Truth is not { } truth) return;
        screen.Say($"Planted latencies ({truth.Planted}, {truth.RatePerSecond:0} requests/s, {Plural.Of(truth.Requests, "request")}):");
        string[][] check =
        [
            ["percentile", "planted", "reported", "error"],
            .. truth.Points.Select(p => new[]
            {
                $"p{p.Percentile}", $"{p.PlantedSeconds * 1e3:0.000} ms", $"{p.ReportedSeconds * 1e3:0.000} ms",
                Error(p.ReportedSeconds, p.PlantedSeconds),
            }),
        ];
        screen.Table(check, hasHeading: true);
    }
}
