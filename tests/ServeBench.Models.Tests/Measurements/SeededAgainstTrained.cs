using System.Diagnostics;
using System.Globalization;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Measurements;

/// <summary>
/// Whether seeded weights cost the same to run as trained ones: the raw runtime on both, in turns, on the same tokens. Explicit: it
/// takes some minutes and needs a machine that does nothing else. The median of the ratios of neighbouring executions counts,
/// with a bootstrap interval over rounds.
/// <code>ServeBench.Models.Tests -explicit only -class ServeBench.Models.Tests.Measurements.SeededAgainstTrained -showLiveOutput</code>
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class SeededAgainstTrained
{
    private const int Resamples = 2000;

    private static readonly (int Batch, int Sequence)[] Shapes = [(1, 16), (1, 32), (1, 128), (8, 32), (8, 128)];

    private static readonly TimeSpan PerShape = TimeSpan.FromSeconds(30);

    [Fact(Explicit = true)]
    public async Task The_raw_runtime_on_both()
    {
        using var seeded = EmbeddingSession.Load((await PrepareAsync(WeightsSource.Seeded)).Folder, new SessionSettings());
        using var trained = EmbeddingSession.Load((await PrepareAsync(WeightsSource.Package)).Folder, new SessionSettings());
        // A third session on the same seeded weights: what the method itself calls a difference.
        using var again = EmbeddingSession.Load((await PrepareAsync(WeightsSource.Seeded)).Folder, new SessionSettings());
        var outside = new List<string>();
        Say($"{seeded.Runtime}: time per execution, trained / seeded, and seeded / seeded");
        foreach (var (batch, sequence) in Shapes)
        {
            var times = Times([seeded, trained, again], batch, sequence);
            var ratio = Interval(times[1], times[0]);
            var same = Interval(times[2], times[0]);
            var median = times[0].Order().ElementAt(times[0].Count / 2) * 1e3;
            Say($"| {batch} x {sequence} | {median:0.00} ms | {ratio.Median:0.000} ({ratio.Low:0.000} to {ratio.High:0.000}) | {same.Median:0.000} ({same.Low:0.000} to {same.High:0.000}) | {times[0].Count} |");
            if (ratio.High < 0.98 || ratio.Low > 1.02) outside.Add(string.Create(CultureInfo.InvariantCulture, $"{batch} x {sequence}: {ratio.Median:0.000}"));
        }
        Assert.True(outside.Count == 0, $"the weights decide the time by more than 2 %: {string.Join(", ", outside)}");
    }

    private static Task<ModelArtifact> PrepareAsync(string weights) =>
        new ModelStore(Path.Combine(Repository.Root, "artifacts", "test-models"), Repository.Packages).PrepareAsync(
            Repository.Card("all-MiniLM-L6-v2"), new ModelRequest { Weights = weights, Offline = true }, SilentObserver.Instance, TestContext.Current.CancellationToken);

    private static List<double>[] Times(EmbeddingSession[] sessions, int batch, int sequence)
    {
        var ids = Enumerable.Range(0, batch).SelectMany(b => Batches.Sequence(b + 1, sequence)).Select(i => (long)i).ToArray();
        var mask = Enumerable.Repeat(1L, batch * sequence).ToArray();
        var embeddings = new float[batch * sessions[0].Dimensions];
        var times = sessions.Select(_ => new List<double>()).ToArray();
        var begun = Stopwatch.GetTimestamp();
        for (var round = 0; round < 40 || Stopwatch.GetElapsedTime(begun) < PerShape; round++)
        {
            for (var turn = 0; turn < sessions.Length; turn++)
            {
                // Who goes first changes, so that nobody always runs on warm caches of another.
                var s = (turn + round) % sessions.Length;
                var start = Stopwatch.GetTimestamp();
                sessions[s].Run(ids, mask, batch, sequence, embeddings);
                if (round >= 10) times[s].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
        return times;
    }

    /// <summary>The median over rounds of one time by the other, with the 95 % percentile bootstrap interval (Efron 1979).</summary>
    private static (double Median, double Low, double High) Interval(List<double> above, List<double> below)
    {
        double[] ratios = [.. above.Zip(below, (a, b) => a / b)];
        var random = new SplitMix(1);
        var medians = new double[Resamples];
        var sample = new double[ratios.Length];
        for (var r = 0; r < Resamples; r++)
        {
            for (var i = 0; i < sample.Length; i++) sample[i] = ratios[random.Below(ratios.Length)];
            Array.Sort(sample);
            medians[r] = sample[sample.Length / 2];
        }
        Array.Sort(medians);
        return (ratios.Order().ElementAt(ratios.Length / 2), medians[(int)(0.025 * Resamples)], medians[(int)(0.975 * Resamples)]);
    }

    private static void Say(FormattableString line) => TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
