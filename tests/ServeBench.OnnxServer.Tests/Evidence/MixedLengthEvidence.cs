using System.Diagnostics;
using System.Globalization;
using System.Text;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Evidence;

/// <summary>Mixed lengths: throughput of length-aware batching, of naive padding and without batching, and latency at half of the most.</summary>
public sealed class MixedLengthEvidence(PreparedMiniLm model)
{
    private const int Rounds = 5;

    private static readonly (string Name, string[] Arguments)[] Ways =
    [
        ("length-aware", ["--batching=dynamic", "--grouping=length"]),
        ("naive padding", ["--batching=dynamic", "--grouping=arrival"]),
        ("unbatched", ["--batching=none"]),
    ];

    /// <summary>The servers take turns in short slices, so that a machine that drifts drifts for all.</summary>
    [Fact(Explicit = true)]
    public async Task Throughput_over_concurrency()
    {
        var slice = Bench.Window(usualSeconds: 5);
        var bodies = SpokenTexts.Mixed(420, seed: 7).Select(SpokenTexts.Body).ToArray();
        var servers = new List<RunningProgram>();
        try
        {
            foreach (var way in Ways) servers.Add(await Bench.StartAsync(model, ["--max-wait=10m", .. way.Arguments]));
            var (rates, efforts) = (Table("a second"), Table("a second of the server's processor time"));
            foreach (var inFlight in new[] { 1, 4, 16, 64 })
            {
                var measured = Ways.Select(_ => new List<Measurement>()).ToArray();
                foreach (var server in servers) await Bench.ClosedLoopAsync(server, bodies, inFlight, TimeSpan.FromSeconds(1));
                for (var round = 0; round < Rounds; round++)
                {
                    foreach (var way in Enumerable.Range(0, Ways.Length).Select(i => (i + round) % Ways.Length))
                        measured[way].Add(await Bench.ClosedLoopAsync(servers[way], bodies, inFlight, slice));
                }
                AddRow(rates, inFlight, measured, m => m.Rate);
                AddRow(efforts, inFlight, measured, m => m.PerProcessorSecond);
            }
            var text = rates.Append('\n').Append(efforts);
            text.Append(CultureInfo.InvariantCulture, $"\nMedian (range) of {Rounds} slices of {slice.TotalSeconds:0} s each, in turns; ratios are medians of those of one round.\n");
            Bench.Report("mixed-lengths", text);
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    }

    [Fact(Explicit = true)]
    public async Task Latency_at_half_of_the_maximum_rate()
    {
        var window = Bench.Window(usualSeconds: 30);
        var texts = SpokenTexts.Mixed(420, seed: 7);
        var bodies = texts.Select(SpokenTexts.Body).ToArray();
        await using var server = await Bench.StartAsync(model, "--max-wait=10m");
        await Bench.ClosedLoopAsync(server, bodies, 32, TimeSpan.FromSeconds(2));
        var most = await Bench.ClosedLoopAsync(server, bodies, 32, window);
        // What the runtime alone takes for the same texts, one after the other, in this process.
        var raw = new List<double>();
        foreach (var sentence in texts.Concat(texts))
        {
            var (ids, _, sequence) = model.Tokenizer.EncodeBatch([sentence]);
            var began = Stopwatch.GetTimestamp();
            model.Embed(ids.AsSpan(0, sequence));
            if (raw.Count >= texts.Length) raw.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            else raw.Add(0);
        }
        var alone = raw.Skip(texts.Length).Order().ToArray();
        var half = await Bench.OpenLoopAsync(server, bodies, most.Rate / 2, window, seed: 3);
        Assert.All(half, answer => Assert.Equal(System.Net.HttpStatusCode.OK, answer.Status));
        var latencies = half.Select(h => h.Milliseconds).Order().ToArray();
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"Maximum rate {most.Rate:0.0}/s with 32 in flight; {half.Length} Poisson arrivals at {most.Rate / 2:0.0}/s.\n\n"));
        text.Append("| | p50, ms | p95, ms |\n|---|---|---|\n");
        void Row(string name, double[] values) => text.Append(CultureInfo.InvariantCulture, $"| {name} | {Bench.Percentile(values, 0.5):0.00} | {Bench.Percentile(values, 0.95):0.00} |\n");
        Row("raw inference, one text alone", alone);
        Row("server at half of its maximum rate", latencies);
        text.Append(CultureInfo.InvariantCulture, $"\np95 / raw p95 = {Bench.Percentile(latencies, 0.95) / Bench.Percentile(alone, 0.95):0.00}\n");
        Bench.Report("half-rate", text);
    }

    private static StringBuilder Table(string per) =>
        new($"Requests {per}:\n\n| in flight | {string.Join(" | ", Ways.Select(w => w.Name))} | length-aware / naive | length-aware / unbatched |\n|---|---|---|---|---|---|\n");

    private static void AddRow(StringBuilder table, int inFlight, List<Measurement>[] measured, Func<Measurement, double> figure)
    {
        var figures = measured.Select(m => m.Select(figure).ToArray()).ToArray();
        var cells = figures.Select(r => string.Create(CultureInfo.InvariantCulture, $"{Median(r):0.0} ({r.Min():0.0}-{r.Max():0.0})"));
        string Ratio(int other) => Median(figures[0].Zip(figures[other], (a, b) => a / b)).ToString("0.00", CultureInfo.InvariantCulture);
        table.Append(CultureInfo.InvariantCulture, $"| {inFlight} | {string.Join(" | ", cells)} | {Ratio(1)} | {Ratio(2)} |\n");
    }

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return Bench.Percentile(ordered, 0.5);
    }
}
