using ServeBench.Build.Composition;
using ServeBench.Measurement.Statistics;
using ServeBench.Runs.Storing;

namespace ServeBench.Build.Evidence.Servers;

/// <summary>Throughput on mixed lengths of batching by length, of batching in the order of arrival, and without batching.</summary>
internal static class MixedLengthEvidence
{
    private const int Rounds = 5;

    private static readonly int[] InFlight = [1, 4, 16, 64];

    private static readonly (string Name, string[] Arguments)[] Ways =
    [
        ("by length", ["--batching=dynamic", "--grouping=length"]),
        ("by arrival", ["--batching=dynamic", "--grouping=arrival"]),
        ("unbatched", ["--batching=none"]),
    ];

    /// <summary>The servers take turns in short slices, so that a machine that drifts drifts for all.</summary>
    public static async Task TellAsync(BuildContext context)
    {
        using var held = MachineLock.Take();
        var bench = await ServerBench.OpenAsync(context, Workloads.Mixed);
        var slice = ServerBench.Window(5);
        var servers = new List<BenchServer>();
        try
        {
            foreach (var way in Ways) servers.Add(await bench.StartAsync(["--max-wait=10m", .. way.Arguments]));
            string[] heading =
                ["in flight", .. Ways.Select(w => w.Name), $"{Ways[0].Name} / {Ways[1].Name}", $"{Ways[0].Name} / {Ways[2].Name}"];
            var (rates, efforts) = (new List<string[]> { heading }, new List<string[]> { heading });
            foreach (var inFlight in InFlight)
            {
                var measured = Ways.Select(_ => new List<BenchLoad>()).ToArray();
                for (var round = 0; round < Rounds; round++)
                {
                    foreach (var way in Enumerable.Range(0, Ways.Length).Select(i => (i + round) % Ways.Length))
                        measured[way].Add(await bench.ClosedLoopAsync(servers[way], inFlight, slice));
                }
                rates.Add(Row(inFlight, measured, m => m.Rate));
                efforts.Add(Row(inFlight, measured, m => m.PerProcessorSecond));
                context.Screen.Say($"  {inFlight} in flight: {string.Join(", ", rates[^1][1..4])} requests/s");
            }
            context.Screen.Say("Requests a second:");
            context.Screen.Table(rates, hasHeading: true);
            context.Screen.Say("Requests a second of the server's processor time:");
            context.Screen.Table(efforts, hasHeading: true);
            context.Screen.Say(
                $"Median (range) of {Rounds} slices of {slice.TotalSeconds:0.#} s each, in turns; "
                    + "ratios are medians of those of one round.");
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }

    private static string[] Row(int inFlight, List<BenchLoad>[] measured, Func<BenchLoad, double> figure)
    {
        var figures = measured.Select(m => m.Select(figure).ToArray()).ToArray();
        string Ratio(int other) => $"{Spread.MedianOf(figures[0].Zip(figures[other], (a, b) => a / b)):0.00}";
        return
        [
            $"{inFlight}", .. figures.Select(f => $"{Spread.MedianOf(f):0.0} ({f.Min():0.0}-{f.Max():0.0})"), Ratio(1), Ratio(2),
        ];
    }
}
