using System.Diagnostics;
using System.Globalization;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Architectures.Generation;
using ServeBench.Models.Inference;
using ServeBench.Models.Inference.Generation;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Measurements;

/// <summary>
/// The table of docs/decisions/0142: tokens a second of the exported graph of GPT-2 and of a plain one, in turns within one process. Explicit, for it
/// takes minutes and needs a quiet machine: <c>./build.sh --target=Evidence --what=generator-speed</c>.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class GeneratorSpeed
{
    private const int Capacity = 512;
    private const int Rounds = 7;

    [Fact(Explicit = true)]
    public async Task Fused_and_plain_attention()
    {
        var card = Repository.Card("gpt2");
        var store = new ModelStore(Path.Combine(Repository.Root, "artifacts", "test-models"), Repository.Packages);
        var folder = (await store.PrepareAsync(card, new ModelRequest { Weights = WeightsSource.Seeded }, SilentObserver.Instance, CancellationToken.None)).Folder;
        var manifest = GenerationManifest.Read(folder);
        foreach (var threads in new[] { 1, 2 })
        {
            using var fused = DecoderSession.Load(folder, manifest, new SessionSettings { IntraOpThreads = threads });
            using var plain = new PlainDecoder((GeneratorSettings)card.Export, Path.Combine(folder, manifest.SafetensorsFile), threads);
            using var cache = fused.NewCache(8, Capacity);
            foreach (var (batch, past, sequence) in new[] { (1, 0, 128), (1, 128, 128), (1, 128, 1), (1, 400, 1), (4, 128, 1), (8, 128, 1), (8, 400, 1) })
            {
                var (times, difference) = Measure(fused, cache, plain, batch, past, sequence);
                Say($"{threads} thread(s), {batch} x {sequence} after {past}: fused {batch * sequence / times[0]:0} tokens/s, plain {batch * sequence / times[1]:0} tokens/s, ratio {times[1] / times[0]:0.00}, logits differ by {difference:0.0e+0}");
            }
        }
    }

    private static (double[] Times, double Difference) Measure(
        DecoderSession fused, KeyValueCache cache, PlainDecoder plain, int batch, int past, int sequence)
    {
        var random = new SplitMix(3);
        int[][] before = [.. Enumerable.Range(0, batch).Select(_ => Drawn(random, past))];
        int[][] added = [.. Enumerable.Range(0, batch).Select(_ => Drawn(random, sequence))];
        var logits = new float[batch * fused.Manifest.Vocabulary];
        float[] ignored = new float[fused.Manifest.Vocabulary];
        for (var row = 0; row < batch && past > 0; row++) fused.Run(cache, row, [before[row]], [0], [past], [0], ignored);
        int[] lengths = [.. Enumerable.Repeat(past, batch)];
        int[] all = [.. Enumerable.Repeat(sequence, batch)];
        long[] last = [.. Enumerable.Range(0, batch).Select(b => (long)((b * sequence) + sequence - 1))];
        var times = new List<double>[] { [], [] };
        float[] other = [];
        for (var round = 0; round < Rounds; round++)
        {
            // The cache is longer by one call afterwards, and is used again as it was: the same tokens are written to the same places.
            times[0].Add(Seconds(() => fused.Run(cache, 0, added, lengths, all, last, logits)));
            plain.Clear(batch);
            if (past > 0) plain.Run([.. before.SelectMany(b => b.Select(t => (long)t))], batch, 0);
            times[1].Add(Seconds(() => other = plain.Run([.. added.SelectMany(b => b.Select(t => (long)t))], batch, past)));
        }
        return ([.. times.Select(t => t.Order().ElementAt(Rounds / 4))], logits.Zip(other, (a, b) => Math.Abs(a - b)).Max());
    }

    private static int[] Drawn(SplitMix random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Below(50257))];

    private static double Seconds(Action act)
    {
        var from = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(from).TotalSeconds;
    }

    private static void Say(FormattableString line) => TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
