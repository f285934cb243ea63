using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Tests.Statistics;

public class SignFlipsTests
{
    [Fact]
    public void Differences_all_to_one_side_are_the_least_likely() => Assert.Equal(2.0 / 64, SignFlips.TwoSided([1, 2, 1.5, 0.5, 3, 1])!.Value, 12);

    [Fact]
    public void Differences_that_cancel_show_nothing() => Assert.Equal(1, SignFlips.TwoSided([1, -1, 2, -2, 3, -3])!.Value, 12);

    [Fact]
    public void Too_few_or_too_many_are_not_tried()
    {
        Assert.Null(SignFlips.TwoSided([1, 2, 3, 4, 5]));
        Assert.Null(SignFlips.TwoSided(new double[21]));
    }
}
