using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Evidence;
using ServeBench.Synthetic;

namespace ServeBench.Measurement.Tests.Evidence;

/// <summary>The large runs of <c>--what=scale</c>, smaller: what they take per sample, and that nothing is approximated.</summary>
public sealed class ScaleRunTests : IDisposable
{
    /// <summary>Samples and three sorted columns take 72 and the medians of a fifth 3; the whole file beside them would be 16 more.</summary>
    private const double MostBytesPerSample = 80;

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    [Lane("slow")]
    public void Percentiles_of_many_trials_are_those_of_a_plain_sort()
    {
        var (folder, plain) = new ScaleRun(Stacks: 2, Trials: 3, SamplesEach: 20_000).Write(_temporary.Path, TestContext.Current.CancellationToken);
        var results = RunEvaluator.Evaluate(folder, TestContext.Current.CancellationToken);
        Assert.Equal(2 * 3 * 5, plain.Count);
        Assert.All(plain, p => Assert.True(p.IsIn(results), $"{p} is not what the results say"));
        Assert.False((plain[0] with { Seconds = plain[0].Seconds * 1.000001 }).IsIn(results));
    }

    /// <summary>All that is allocated counts, whether let go in between or not, so this bounds what is held at any time.</summary>
    [Fact]
    [Lane("slow")]
    public void The_samples_of_a_trial_are_held_once()
    {
        const int Samples = 1_000_000;
        var (folder, _) = new ScaleRun(Stacks: 1, Trials: 1, Samples).Write(_temporary.Path, TestContext.Current.CancellationToken);
        // What the first evaluation of a process allocates besides is not the samples'.
        var (small, _) = new ScaleRun(Stacks: 1, Trials: 1, 1000).Write(Path.Combine(_temporary.Path, "small"), TestContext.Current.CancellationToken);
        RunEvaluator.Evaluate(small, TestContext.Current.CancellationToken);
        var before = GC.GetAllocatedBytesForCurrentThread();
        RunEvaluator.Evaluate(folder, TestContext.Current.CancellationToken);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Samples;
        Assert.InRange(each, 48, MostBytesPerSample);
    }

    [Fact]
    public void The_same_sizes_give_the_same_bytes()
    {
        var run = new ScaleRun(Stacks: 1, Trials: 1, SamplesEach: 5000);
        var (first, _) = run.Write(Path.Combine(_temporary.Path, "a"), TestContext.Current.CancellationToken);
        var (second, _) = run.Write(Path.Combine(_temporary.Path, "b"), TestContext.Current.CancellationToken);
        var records = new[] { first, second }.Select(f => f.ReadTrial(f.ReadManifest().Trials[0])!.SamplesSha256).ToArray();
        Assert.Equal(records[0], records[1]);
    }
}
