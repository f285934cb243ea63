using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Tests.Statistics;

public class SelectedBestTests
{
    /// <summary>Two-sided 5 % points of Dunnett, Biometrics 20 (1964), table II.</summary>
    [Theory]
    [InlineData(2, 10, 2.23)]
    [InlineData(4, 10, 2.76)]
    [InlineData(6, 20, 2.73)]
    [InlineData(6, 100_000, 2.51)]
    public void With_one_candidate_it_is_Dunnetts_comparison(int stacks, int df, double point) =>
        Assert.Equal(0.95, SelectedBest.Holding(stacks, 1, SelectedBest.SpreadAt(df), point, point), 0.0025);

    /// <summary>5 % points of the studentised range (Pearson and Hartley, Biometrika Tables, 1954, table 29).</summary>
    [Theory]
    [InlineData(3, 10, 3.88)]
    [InlineData(5, 20, 4.23)]
    [InlineData(8, 30, 4.60)]
    public void With_all_as_candidates_it_is_the_studentised_range(int stacks, int df, double q) =>
        Assert.Equal(0.95, SelectedBest.Holding(stacks, stacks, SelectedBest.SpreadAt(df), q / Math.Sqrt(2), double.PositiveInfinity), 0.0015);

    [Fact]
    public void More_candidates_and_fewer_degrees_of_freedom_reach_further()
    {
        Assert.True(SelectedBest.Of(8, 1, 35, 0.05).Below < SelectedBest.Of(8, 8, 35, 0.05).Below);
        Assert.True(SelectedBest.Of(8, 1, 35, 0.05).Below < SelectedBest.Of(8, 1, 5, 0.05).Below);
        var between = SelectedBest.Of(8, 1, 35, 0.05).Below;
        Assert.InRange(between, SelectedBest.Of(8, 1, 40, 0.05).Below, SelectedBest.Of(8, 1, 30, 0.05).Below);
    }
}
