using ServeBench.Domain.Wording;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Tests;

public class WordsTests
{
    [Theory]
    [InlineData(new int[0], "not confined")]
    [InlineData(new[] { 1 }, "1")]
    [InlineData(new[] { 3, 0, 1, 2, 6 }, "0-3, 6")]
    public void Lists_cores_as_ranges(int[] cores, string expected) => Assert.Equal(expected, Words.Cores(cores));

    [Theory]
    [InlineData(new string[0], "")]
    [InlineData(new[] { "a" }, "a")]
    [InlineData(new[] { "a", "b" }, "a and b")]
    [InlineData(new[] { "a", "b", "c" }, "a, b and c")]
    public void Lists_names(string[] names, string expected) => Assert.Equal(expected, Words.List(names));

    [Fact]
    public void Counts()
    {
        Assert.Equal("1 trial", Plural.Of(1, "trial"));
        Assert.Equal("1,200 trials", Plural.Of(1200, "trial"));
        Assert.Equal(["were", "was", "were"], new[] { 0, 1, 2 }.Select(n => Plural.Verb(n, "was", "were")));
    }

    [Fact]
    public void A_range_without_width_is_one_number() => Assert.Equal("5.00", Words.Range(0.005, 0.005, Measurement.Metrics.MetricUnit.Milliseconds));
}
