using System.Diagnostics;
using ServeBench.Build.Composition;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Samples;
using ServeBench.Measurement.Statistics;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Storing;
using ServeBench.Work;

namespace ServeBench.Build.Evidence.Servers;

/// <summary>Latency at half of the maximum rate, beside what the raw runtime needs for one request alone.</summary>
internal static class HalfRateEvidence
{
    private const int InFlight = 32;

    /// <summary>Requests whose execution alone is timed.</summary>
    private const int Alone = 420;

    public static async Task TellAsync(BuildContext context)
    {
        using var held = MachineLock.Take();
        var bench = await ServerBench.OpenAsync(context, Workloads.Mixed);
        var window = ServerBench.Window(30);
        await using var server = await bench.StartAsync("--max-wait=10m");
        var most = await bench.ClosedLoopAsync(server, InFlight, window);
        var raw = CpuAffinity.RunOn(bench.Cores.Server, () => RawNanoseconds(bench, context.Cancelled));
        var half = await bench.OpenLoopAsync(server, most.Rate / 2, InFlight, window, seed: 3);
        var latencies = half.Latencies(Outcome.Success);
        if (latencies.Length < half.Samples.Count)
            throw new RunFailedException($"{half.Samples.Count - latencies.Length} requests were not answered", $"See {server.LogFile}");
        context.Screen.Say(
            $"Maximum rate {most.Rate:0.0}/s with {InFlight} in flight; "
                + $"{half.Samples.Count} Poisson arrivals at {most.Rate / 2:0.0}/s.");
        string[] Row(string name, long[] values) => [name, Workloads.Cell(values, 0.5), Workloads.Cell(values, 0.95)];
        context.Screen.Table(
            [
                ["", "p50, ms", "p95, ms"],
                Row("raw runtime, one request alone", raw),
                Row("server at half of its maximum rate", latencies),
            ],
            hasHeading: true);
        context.Screen.Say($"p95 / raw p95 = {Percentile.OfSorted(latencies, 0.95) / Percentile.OfSorted(raw, 0.95):0.00}");
    }

    /// <summary>
    /// What the runtime alone takes, making its input included, one request after the other; those of the first mix only warm it up.
    /// </summary>
    private static long[] RawNanoseconds(ServerBench bench, CancellationToken cancellationToken)
    {
        var work = KnownWork.OfProgram.Of(bench.Workload);
        using var expectations = work.Expectations(bench.Model)
            ?? throw new RunFailedException($"{bench.Workload.Name} has no raw runtime to compare with", "Choose another workload");
        var times = new List<long>();
        foreach (var request in bench.Payloads.Some(Alone).Requests)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var began = Stopwatch.GetTimestamp();
            expectations.Of(request);
            times.Add((long)Stopwatch.GetElapsedTime(began).TotalNanoseconds);
        }
        return [.. times.Skip(bench.Payloads.Mix).Order()];
    }
}
