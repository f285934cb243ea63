using System.Diagnostics;
using System.Globalization;
using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Measurements;

/// <summary>
/// The tables of docs/models.md, measured again: explicit, for they take a minute and need a quiet machine. Sessions take turns
/// within one process, so that a drifting machine hurts all alike; the lower quartile of the time per execution counts.
/// <code>ServeBench.Models.Tests -explicit only -class ServeBench.Models.Tests.Measurements.RawThroughput -showLiveOutput</code>
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class RawThroughput(PreparedMiniLm model)
{
    /// <summary>The file that Recording/torch_export.py wrote.</summary>
    private const string TorchVariable = "SERVEBENCH_TORCH_ONNX";

    private static readonly (int Batch, int Sequence)[] Shapes = [(1, 16), (1, 32), (8, 32), (1, 128), (8, 128), (1, 256)];

    [Fact(Explicit = true)]
    public void Against_the_export_of_PyTorch()
    {
        var file = Environment.GetEnvironmentVariable(TorchVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(file), $"{TorchVariable} names no file: write one with Recording/torch_export.py");
        foreach (var threads in new[] { 1, 2 })
        {
            var settings = new SessionSettings { IntraOpThreads = threads };
            using var ours = EmbeddingSession.Load(model.Artifact.Folder, settings);
            using var torch = EmbeddingSession.Load(model.Artifact.Folder, ours.Manifest with { OnnxFile = Path.GetFullPath(file!) }, settings);
            foreach (var (left, right) in Batches.Embed(ours, Agreement.Ragged).Zip(Batches.Embed(torch, Agreement.Ragged)))
                Assert.True(left.Zip(right, (a, b) => Math.Abs(a - b)).Max() <= 1e-5, "the two graphs do not compute the same");
            Say($"{threads} thread(s), {ours.Runtime}: throughput of our export relative to torch.onnx.export");
            foreach (var (batch, sequence) in Shapes)
            {
                var times = Times([ours, torch], batch, sequence);
                Say($"  {batch} x {sequence}: {times[1] / times[0]:0.00}  ({times[0] * 1e3:0.00} ms against {times[1] * 1e3:0.00} ms)");
            }
        }
    }

    [Fact(Explicit = true)]
    public async Task Of_the_precisions()
    {
        var store = new ModelStore(Path.Combine(Repository.Root, "artifacts", "test-models"), Repository.Packages);
        var artifacts = new List<ModelArtifact>();
        foreach (var precision in new[] { "fp32", "fp16", "int8" })
        {
            var request = new ModelRequest { Weights = WeightsSource.Seeded, Precision = precision };
            artifacts.Add(await store.PrepareAsync(Repository.Card(model.Name), request, SilentObserver.Instance, TestContext.Current.CancellationToken));
        }
        var sessions = artifacts.Select(a => EmbeddingSession.Load(a.Folder, new SessionSettings())).ToArray();
        foreach (var (artifact, session) in artifacts.Zip(sessions))
        {
            var quality = session.Manifest.Quality is { } q ? $"least cosine {q.LeastCosine:0.0000000}, largest difference {q.MaximumDifference:0.0e0}" : "the measure";
            Say($"{artifact.Precision}: {new FileInfo(Path.Combine(artifact.Folder, artifact.OnnxFile)).Length / 1e6:0.0} MB, {quality}");
        }
        Say($"{sessions[0].Runtime}: throughput relative to fp32 (sequences per second)");
        foreach (var (batch, sequence) in Shapes)
        {
            var times = Times(sessions, batch, sequence);
            Say($"  {batch} x {sequence}: {string.Join(", ", artifacts.Select((a, i) => $"{a.Precision} {times[0] / times[i]:0.00} ({batch / times[i]:0.0}/s)"))}");
        }
        foreach (var session in sessions) session.Dispose();
    }

    /// <summary>Seconds per execution of each session: the lower quartile.</summary>
    private static double[] Times(EmbeddingSession[] sessions, int batch, int sequence)
    {
        var ids = Enumerable.Range(0, batch).SelectMany(b => Batches.Sequence(b + 1, sequence)).Select(i => (long)i).ToArray();
        var mask = Enumerable.Repeat(1L, batch * sequence).ToArray();
        var embeddings = new float[batch * sessions[0].Dimensions];
        var times = sessions.Select(_ => new List<double>()).ToArray();
        var begun = Stopwatch.GetTimestamp();
        for (var round = 0; round < 40 || (Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(4) && round < 1000); round++)
        {
            for (var turn = 0; turn < sessions.Length; turn++)
            {
                // Who goes first changes, so that nobody always runs on warm caches of another.
                var s = (turn + round) % sessions.Length;
                var start = Stopwatch.GetTimestamp();
                sessions[s].Run(ids, mask, batch, sequence, embeddings);
                if (round >= 5) times[s].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
        return [.. times.Select(t => t.Order().ElementAt(t.Count / 4))];
    }

    private static void Say(FormattableString line) => TestContext.Current.TestOutputHelper!.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
