using ServeBench.Models.References;

namespace ServeBench.Models.Tests.References;

public sealed class ErrorFunctionTests
{
    /// <summary>Values of Abramowitz and Stegun, table 7.1, and of the complementary function far out.</summary>
    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(1.0, 0.8427007929497149)]
    [InlineData(1.5, 0.9661051464753108)]
    [InlineData(2.0, 0.9953222650189527)]
    [InlineData(-0.3, -0.3286267594591274)]
    [InlineData(3.5, 0.9999992569016276)]
    [InlineData(5.9, 1.0)]
    [InlineData(8.0, 1.0)]
    [InlineData(-40.0, -1.0)]
    public void Known_values_are_met(double x, double expected) => Assert.Equal(expected, ErrorFunction.Erf(x), 4e-16);

    [Fact]
    public void It_rises_everywhere_and_is_odd()
    {
        var last = -1.0;
        for (var x = -6.0; x < 6; x += 0.0007)
        {
            var value = ErrorFunction.Erf(x);
            Assert.True(value >= last - 3e-16, $"erf falls at {x}");
            Assert.Equal(-value, ErrorFunction.Erf(-x));
            last = value;
        }
    }
}
