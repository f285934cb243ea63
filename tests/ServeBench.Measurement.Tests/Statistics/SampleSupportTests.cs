using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Tests.Statistics;

public class SampleSupportTests
{
    // MLPerf's early-stopping table for one query over the latency, 99 % confidence (method.md, rule 14).
    [Theory]
    [InlineData(0.9, 64)]
    [InlineData(0.95, 130)]
    [InlineData(0.99, 662)]
    [InlineData(0.999, 6636)]
    public void Derives_the_published_table(double p, int samples)
    {
        Assert.Equal(samples, SampleSupport.Needed(p));
        Assert.True(SampleSupport.Supports(p, samples));
        Assert.False(SampleSupport.Supports(p, samples - 1));
    }

    [Fact]
    public void A_median_needs_eleven() // 12 of 2,048 outcomes have at most one of eleven beyond it: 0.6 %; 11 of 1,024 for ten: 1.07 %.
    {
        Assert.Equal(11, SampleSupport.Needed(0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Refuses_what_is_no_percentile(double p) => Assert.Throws<ArgumentOutOfRangeException>(() => SampleSupport.Needed(p));
}
