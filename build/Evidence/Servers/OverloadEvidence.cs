using ServeBench.Build.Composition;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Samples;
using ServeBench.Runs.Storing;

namespace ServeBench.Build.Evidence.Servers;

/// <summary>Three times as many requests as the server can answer, between two measurements of how many that is.</summary>
internal static class OverloadEvidence
{
    private const int InFlight = 16;
    private const int Times = 3;
    private const int TooMany = 429;

    public static async Task TellAsync(BuildContext context)
    {
        using var held = MachineLock.Take();
        var bench = await ServerBench.OpenAsync(context, Workloads.Mixed);
        var window = ServerBench.Window(30);
        await using var server = await bench.StartAsync("--max-wait=2s");
        var before = await bench.ClosedLoopAsync(server, InFlight, window);
        var over = await bench.OpenLoopAsync(server, before.Rate * Times, InFlight, window, seed: 5);
        var after = await bench.ClosedLoopAsync(server, InFlight, window);
        if (over.Samples.FirstOrDefault(s => s.Outcome != Outcome.Success && s.Status != TooMany) is { Last: > 0 } other)
            throw new RunFailedException(
                $"a request was neither answered nor refused with {TooMany}: {other.Outcome}, status {other.Status}",
                $"See {server.LogFile}");
        var (good, refused) = (over.Latencies(Outcome.Success), over.Latencies(Outcome.Rejected));
        context.Screen.Say(
            $"Maximum {before.Rate:0.0}/s before and {after.Rate:0.0}/s after, {InFlight} in flight. "
                + $"{over.Samples.Count} arrivals at {before.Rate * Times:0.0}/s for {window.TotalSeconds:0} s:");
        string[] Row(string name, long[] values) =>
            [name, $"{values.Length}", Workloads.Cell(values, 0.5), Workloads.Cell(values, 0.95), Workloads.Cell(values, 0.99)];
        context.Screen.Table(
            [["", "requests", "p50, ms", "p95, ms", "p99, ms"], Row("answered", good), Row($"refused with {TooMany}", refused)],
            hasHeading: true);
        context.Screen.Say($"Goodput {over.Rate:0.0}/s, {over.Rate / ((before.Rate + after.Rate) / 2):0.00} of the maximum.");
    }
}
