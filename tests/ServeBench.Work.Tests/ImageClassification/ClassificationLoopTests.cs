using ServeBench.Work.ImageClassification;

namespace ServeBench.Work.Tests.ImageClassification;

public sealed class ClassificationLoopTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void The_rate_is_that_of_the_images_and_every_batch_is_within_them(int batchSize)
    {
        var clock = new WorkClock();
        var seen = new HashSet<int>();
        var loop = new ClassificationLoop(
            (first, batch) =>
            {
                Assert.InRange(first, 0, 8 - batch);
                seen.Add(first);
                clock.Work(0.002 + (0.001 * batch));
            },
            8,
            clock);
        var point = loop.Measure(batchSize, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(batchSize / (0.002 + (0.001 * batchSize)), point.ItemsPerSecond, 1e-6);
        Assert.True(batchSize == 8 || seen.Count > 1, "one batch again and again stays in the caches");
    }

    [Fact]
    public void It_ends_when_asked_to()
    {
        using var ended = new CancellationTokenSource();
        var loop = new ClassificationLoop((_, _) => ended.Cancel(), 1, TimeProvider.System);
        Assert.Throws<OperationCanceledException>(() => loop.Measure(1, TimeSpan.FromHours(1), ended.Token));
    }
}
