using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Tests.Statistics;

public sealed class ShareIntervalTests
{
    /// <summary>Of 30 with none: 1 - 0.025^(1/30); the middle one as published in tables.</summary>
    [Theory]
    [InlineData(0, 30, 0, 0.1157)]
    [InlineData(30, 30, 0.8843, 1)]
    [InlineData(5, 10, 0.1871, 0.8129)]
    public void Is_that_of_Clopper_and_Pearson(int count, int of, double low, double high)
    {
        var interval = ShareInterval.Of(count, of);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }
}
