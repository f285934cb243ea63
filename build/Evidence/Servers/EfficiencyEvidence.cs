using System.Diagnostics;
using ServeBench.Build.Composition;
using ServeBench.Measurement.Statistics;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Storing;
using ServeBench.Work;

namespace ServeBench.Build.Evidence.Servers;

/// <summary>
/// Serving efficiency by processor time: what the raw runtime uses for an item at its best batch size, over what the whole server
/// uses, and where the rest goes. On one saturated core this is the ratio of throughputs; unlike it, it hardly notices other
/// programs. Raw runtime and server take turns.
/// </summary>
internal static class EfficiencyEvidence
{
    private const int Rounds = 5;

    private static readonly string[] Heading =
    [
        "workload", "in flight", "raw, us an item (batch)", "server, us an item", "efficiency (range)", "inference", "HTTP, JSON, input",
        "sockets", "other",
    ];

    private static readonly int[] InFlight = [1, 16, 64];
    private static readonly int[] BatchSizes = [1, 4, 8, 16, 32];

    public static async Task TellAsync(BuildContext context)
    {
        using var held = MachineLock.Take();
        var window = ServerBench.Window(10);
        var rows = new List<string[]> { Heading };
        foreach (var workload in (string[])[Workloads.Even, Workloads.Mixed])
        {
            var bench = await ServerBench.OpenAsync(context, workload);
            await using var server = await bench.StartAsync("--max-wait=10m");
            using var raw = RawRuntime(bench);
            double Raw(int batch, TimeSpan time) =>
                CpuAffinity.RunOn(bench.Cores.Server, () => Seconds(raw, batch, time, context.Cancelled));
            var best = BatchSizes.MinBy(size => Raw(size, window / 4));
            foreach (var inFlight in InFlight)
            {
                var rounds = new List<(double Raw, double Server, ThreadUse Times)>();
                for (var round = 0; round < Rounds; round++)
                {
                    var alone = Raw(best, window / 2);
                    var load = await bench.ClosedLoopAsync(server, inFlight, window);
                    var items = load.Samples.Sum(s => s.Items);
                    rounds.Add((alone, load.Threads.Sum / items, load.Threads));
                }
                rows.Add(Row(workload, inFlight, best, rounds));
                context.Screen.Say($"  {workload}, {inFlight} in flight: {rows[^1][4]}");
            }
        }
        context.Screen.Table(rows, hasHeading: true);
        context.Screen.Say(
            $"Medians of {Rounds} rounds of {window.TotalSeconds:0.#} s; "
                + "raw runtime and server by turns, one thread each, on the same core.");
    }

    private static string[] Row(
        string workload, int inFlight, int batch, List<(double Raw, double Server, ThreadUse Times)> rounds)
    {
        double Median(Func<(double Raw, double Server, ThreadUse Times), double> of) => Spread.MedianOf(rounds.Select(of));
        string Share(Func<ThreadUse, double> part) => $"{Median(r => part(r.Times) / r.Times.Sum) * 100:0.0} %";
        var efficiencies = rounds.Select(r => r.Raw / r.Server).Order().ToArray();
        return
        [
            workload,
            $"{inFlight}",
            $"{Median(r => r.Raw) * 1e6:0} ({batch})",
            $"{Median(r => r.Server) * 1e6:0}",
            $"{Spread.MedianOf(efficiencies):0.000} ({efficiencies[0]:0.000}-{efficiencies[^1]:0.000})",
            Share(t => t.Inference),
            Share(t => t.Pool),
            Share(t => t.Sockets),
            Share(t => t.Other),
        ];
    }

    private static IRawRuntime RawRuntime(ServerBench bench) => CpuAffinity.RunOn(bench.Cores.Server, () =>
        KnownWork.OfProgram.Of(bench.Workload)
            .RawRuntime(bench.Model, bench.Payloads.Some(1050).Requests, new RawOptions(1, BatchSizes.Max(), TimeProvider.System))
        ?? throw new InvalidOperationException($"{bench.Workload.Name} has no raw runtime to compare with"));

    /// <summary>
    /// Processor seconds for an item: those by the clock, times the share of them in which this thread had its core. The loop runs on
    /// this thread, and on no other.
    /// </summary>
    private static double Seconds(IRawRuntime raw, int batch, TimeSpan time, CancellationToken cancellationToken)
    {
        var (began, used) = (Stopwatch.GetTimestamp(), ThreadUse.OfThisThread());
        var point = raw.Measure(batch, time, cancellationToken);
        var busy = (ThreadUse.OfThisThread() - used) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        return busy / point.ItemsPerSecond;
    }
}
