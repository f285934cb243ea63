using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Tests.Statistics;

public class PercentileTests
{
    // numpy.percentile([15, 20, 35, 40, 50], [0, 40, 50, 95, 100]), whose default is the same definition.
    [Theory]
    [InlineData(0, 15)]
    [InlineData(0.4, 29)]
    [InlineData(0.5, 35)]
    [InlineData(0.95, 48)]
    [InlineData(1, 50)]
    public void Interpolates_between_order_statistics(double p, double expected) =>
        Assert.Equal(expected, Percentile.OfSorted([15, 20, 35, 40, 50], p), 9);

    [Fact]
    public void One_value_is_every_percentile() => Assert.Equal(7, Percentile.OfSorted([7], 0.999));

    [Fact]
    public void Refuses_what_has_no_percentile()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Percentile.OfSorted([], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Percentile.OfSorted([1], 1.01));
    }
}
