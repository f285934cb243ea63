using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Tests.Statistics;

public class SpreadTests
{
    [Fact]
    public void Is_the_median_and_the_range()
    {
        Assert.Equal(new Spread(3, 1, 9, 3), Spread.Of([9, 1, 3]));
        Assert.Equal(new Spread(2.5, 1, 9, 4), Spread.Of([9, 1, 3, 2]));
    }

    [Fact]
    public void Nothing_has_no_spread() => Assert.Throws<ArgumentOutOfRangeException>(() => Spread.Of([]));
}
