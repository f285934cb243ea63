using ServeBench.Work.Embedding;

namespace ServeBench.Work.Tests.Embedding;

public sealed class EmbeddingLoopTests
{
    /// <summary>The lengths of the mixed workload: a twentieth of the texts takes more than a fifth of the time.</summary>
    private static readonly (int Length, int Share)[] Mixed = [(16, 8), (32, 6), (64, 4), (128, 2), (256, 1)];

    /// <summary>However short the measurement, and whichever batches it meets, the rate is that of all texts.</summary>
    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(4, 0.1)]
    [InlineData(8, 0.1)]
    [InlineData(8, 1)]
    [InlineData(32, 0.1)]
    [InlineData(32, 5)]
    public void A_short_measurement_finds_the_rate_of_the_whole_workload(int batchSize, double seconds)
    {
        var inputs = Inputs(50);
        var clock = new WorkClock();
        var point = new EmbeddingLoop(b => clock.Work(Cost(b.Size, b.Sequence)), inputs, clock).Measure(batchSize, TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);
        var whole = inputs.OrderBy(i => i.Length).Chunk(batchSize).Sum(c => Cost(c.Length, c[^1].Length));
        Assert.Equal(inputs.Length / whole, point.ItemsPerSecond, 0.02 * inputs.Length / whole);
    }

    [Fact]
    public void Of_many_lengths_neighbours_share_a_class()
    {
        long[][] inputs = [.. Enumerable.Range(1, 400).Select(length => new long[length])];
        var clock = new WorkClock();
        var point = new EmbeddingLoop(b => clock.Work(Cost(b.Size, b.Sequence)), inputs, clock).Measure(2, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var whole = inputs.Chunk(2).Sum(c => Cost(c.Length, c[^1].Length));
        Assert.Equal(inputs.Length / whole, point.ItemsPerSecond, 0.03 * inputs.Length / whole);
    }

    private static long[][] Inputs(int blocks) => [.. Mixed.SelectMany(m => Enumerable.Range(0, m.Share * blocks).Select(_ => new long[m.Length]))];

    /// <summary>Seconds: something for every execution, and more than in proportion for long texts.</summary>
    private static double Cost(int size, int sequence) => 0.001 + (size * sequence * 0.0002 * (1 + (sequence / 1000.0)));
}
