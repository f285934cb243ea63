using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Tests.Metrics;

public class NumberTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0612345, "0.0612")]
    [InlineData(0.9996, "1.00")]
    [InlineData(6.125, "6.13")]
    [InlineData(61.25, "61.3")]
    [InlineData(99.96, "100")]
    [InlineData(613.4, "613")]
    [InlineData(6134.4, "6,134")]
    [InlineData(1234567.8, "1,234,568")]
    [InlineData(-6.125, "-6.13")]
    public void Shows_three_significant_digits_and_every_whole_one(double value, string expected) =>
        Assert.Equal(expected, NumberText.Significant(value));

    [Fact]
    public void Shows_the_unit_as_people_write_it()
    {
        Assert.Equal("12.3 ms", NumberText.WithUnit(MetricUnit.Milliseconds, 0.0123));
        Assert.Equal("61.3/s", NumberText.WithUnit(MetricUnit.PerSecond, 61.25));
        Assert.Equal("4.00", NumberText.WithUnit(MetricUnit.Ratio, 4));
        Assert.Equal("12.3 %", NumberText.Percent(0.123));
        Assert.Equal("0.1 %", NumberText.Limit(0.001));
    }
}
