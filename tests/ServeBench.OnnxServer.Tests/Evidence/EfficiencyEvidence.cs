using System.Diagnostics;
using System.Globalization;
using System.Text;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Evidence;

/// <summary>
/// Serving efficiency by processor time: what the raw runtime uses for a text at its best batch size, over what the whole server
/// uses, and where the rest goes. On one saturated core this is the ratio of throughputs; unlike it, it hardly notices other
/// programs. Raw runtime and server take turns.
/// </summary>
public sealed class EfficiencyEvidence(PreparedMiniLm model)
{
    private const int Rounds = 5;

    /// <summary>They divide the number of texts, so that none is left out.</summary>
    private static readonly int[] BatchSizes = [1, 4, 7, 14, 28];

    [Fact(Explicit = true)]
    public Task Sequence_128()
    {
        var random = new Random(11);
        return WhereTheTimeGoesAsync("sequence-128", [.. Enumerable.Range(0, 420).Select(_ => SpokenTexts.OfLength(128, random))]);
    }

    [Fact(Explicit = true)]
    public Task Mixed_length() => WhereTheTimeGoesAsync("mixed-length", SpokenTexts.Mixed(420, seed: 7));

    private async Task WhereTheTimeGoesAsync(string workload, string[] texts)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processor time of threads is read from /proc");
        var window = Bench.Window(usualSeconds: 10);
        await using var server = await Bench.StartAsync(model, "--max-wait=10m");
        var text = new StringBuilder("| workload | in flight | raw, us a text (batch) | server, us a text | efficiency (range) | inference thread | HTTP, JSON, tokens | sockets | other |\n|---|---|---|---|---|---|---|---|---|\n");
        var bodies = texts.Select(SpokenTexts.Body).ToArray();
        var best = await BestBatchAsync(texts, window);
        foreach (var inFlight in new[] { 1, 16, 64 })
        {
            await Bench.ClosedLoopAsync(server, bodies, inFlight, TimeSpan.FromSeconds(1));
            var rounds = new List<(double Raw, double Server, ThreadTimes Times)>();
            for (var round = 0; round < Rounds; round++)
            {
                var raw = await RawAsync(texts, best, window / 2);
                var before = ThreadTimes.Of(server.Id, PreparedMiniLm.Name[..10]);
                var measured = await Bench.ClosedLoopAsync(server, bodies, inFlight, window);
                var used = ThreadTimes.Of(server.Id, PreparedMiniLm.Name[..10]) - before;
                rounds.Add((raw, used.Sum / measured.Milliseconds.Length, used));
            }
            var efficiencies = rounds.Select(r => r.Raw / r.Server).Order().ToArray();
            double Median(Func<(double Raw, double Server, ThreadTimes Times), double> of) => Bench.Percentile(rounds.Select(of).Order().ToArray(), 0.5);
            string Share(Func<ThreadTimes, double> part) => Median(r => part(r.Times) / r.Times.Sum * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {workload} | {inFlight} | {Median(r => r.Raw) * 1e6:0} ({best}) | {Median(r => r.Server) * 1e6:0} | {Bench.Percentile(efficiencies, 0.5):0.000} ({efficiencies[0]:0.000}-{efficiencies[^1]:0.000}) ");
            text.Append(CultureInfo.InvariantCulture, $"| {Share(t => t.Inference)} | {Share(t => t.Pool)} | {Share(t => t.Sockets)} | {Share(t => t.Other)} |\n");
            // After every row: what is measured is kept when the rest is cut short.
            var note = string.Create(CultureInfo.InvariantCulture, $"\nMedians of {Rounds} rounds of {window.TotalSeconds:0} s; raw runtime and server by turns, one thread each.\n");
            Bench.Report($"efficiency-{workload}", new StringBuilder(text.ToString()).Append(note));
        }
    }

    private async Task<int> BestBatchAsync(string[] texts, TimeSpan window)
    {
        var costs = new List<(double Cost, int Size)>();
        foreach (var size in BatchSizes) costs.Add((await RawAsync(texts, size, window / 4), size));
        return costs.Min().Size;
    }

    /// <summary>Processor seconds of the raw runtime for a text, texts of similar length sharing a batch.</summary>
    private Task<double> RawAsync(string[] texts, int batch, TimeSpan window) => Task.Factory.StartNew(
        () =>
        {
            var batches = texts.OrderBy(t => t.Length).Chunk(batch).Select(c => (model.Tokenizer.EncodeBatch(c), c.Length)).ToArray();
            new Random(1).Shuffle(batches);
            var embeddings = new float[batch * model.Session.Dimensions];
            var (began, used, count) = (Stopwatch.GetTimestamp(), ThreadTimes.OfThisThread(), 0);
            // Whole passes only: every length is in as often as it is in the workload.
            do
            {
                foreach (var ((ids, mask, sequence), size) in batches)
                {
                    model.Session.Run(ids, mask, size, sequence, embeddings);
                    count += size;
                }
            }
            while (Stopwatch.GetElapsedTime(began) < window);
            return (ThreadTimes.OfThisThread() - used) / count;
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
