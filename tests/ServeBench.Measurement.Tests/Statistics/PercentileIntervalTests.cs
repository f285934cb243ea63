using ServeBench.Measurement.Evidence;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Tests.Statistics;

public class PercentileIntervalTests
{
    [Theory]
    [InlineData(0.5, 6)]
    [InlineData(0.95, 72)]
    [InlineData(0.99, 368)]
    public void Needs_so_many_samples(double p, int samples)
    {
        Assert.Equal(samples, PercentileInterval.Needed(p));
        Assert.NotNull(PercentileInterval.Places(samples, p));
        Assert.Null(PercentileInterval.Places(samples - 1, p));
    }

    /// <summary>Hahn and Meeker 1991, table A.15: of 100 samples, the 40th and the 61st hold the median with 95 %.</summary>
    [Fact]
    public void Is_that_of_the_tables() => Assert.Equal((39, 60), PercentileInterval.Places(100, 0.5));

    [Fact]
    public void Holds_the_percentile_in_at_least_95_of_100_samples()
    {
        var held = 0;
        var (low, high) = PercentileInterval.Places(200, 0.95)!.Value;
        for (var repetition = 0; repetition < 2000; repetition++)
        {
            var noise = new SeededNoise((ulong)repetition);
            double[] sorted = [.. Enumerable.Range(0, 200).Select(_ => noise.Uniform()).Order()];
            if (sorted[low] <= 0.95 && sorted[high] >= 0.95) held++;
        }
        Assert.InRange(held / 2000.0, 0.945, 0.985);
    }

    /// <summary>What is shown at all has an interval: the support rule asks for more than its ends.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    public void Whatever_is_supported_has_one(double p)
    {
        var places = PercentileInterval.Places(SampleSupport.Needed(p), p);
        Assert.True(places is { } found && found.High <= SampleSupport.Needed(p) - 2);
    }
}
