using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Results;
using ServeBench.Synthetic;
using static ServeBench.Measurement.Tests.Comparisons.Cases;

namespace ServeBench.Measurement.Tests.Comparisons;

public class NoiseFloorTests
{
    [Fact]
    public void Is_the_largest_difference_between_the_two_appearances()
    {
        var floor = Assert.Single(ComparisonSet.Of(
        [
            Capacity("a", "c1", 100, 101, 102), Capacity("a (again)", "c1", 103, 104, 105),
            Capacity("a", "c1", 100, 101, 102).On("v"), Capacity("a (again)", "c1", 109, 111.1, 112).On("v"),
        ]).Floors);
        Assert.Equal("capacity", floor.Question);
        Assert.Equal(0.1, floor.Difference, 8);
        Assert.Equal(2, floor.Differences.Count);
        Assert.Equal(0.1, floor.Differences[0].P, 8);
    }

    [Fact]
    public void A_difference_within_it_is_a_tie()
    {
        var set = ComparisonSet.Of(
        [
            Capacity("a", "c1", 100, 100, 100, 100, 100), Capacity("a (again)", "c1", 112, 112, 112, 112, 112), Capacity("b", "c1", 95, 95, 95, 95, 95),
        ]);
        var comparison = Assert.Single(set.Comparisons);
        Assert.Equal(0.12, comparison.Threshold!.Value, 8);
        Assert.True(comparison.AdjustedP < 0.05);
        Assert.Equal(ComparisonVerdict.Tie, comparison.Verdict);
    }

    [Fact]
    public void Without_a_twin_there_is_none_and_five_per_cent_count()
    {
        var set = ComparisonSet.Of([Capacity("a", "c1", 100, 101), Capacity("b", "c1", 100, 101)]);
        Assert.Empty(set.Floors);
        Assert.Equal(0.05, set.Comparisons[0].Threshold);
    }

    /// <summary>
    /// Reports in which all stacks are the same: a winner in one of them is a false one. Noise of 10 % makes the practical
    /// threshold of 5 % no help, so it is the test and its correction that keep the promise of at most 5 %.
    /// </summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Equal_stacks_get_a_winner_in_at_most_five_per_cent_of_reports(int trials)
    {
        const int Reports = 1000;
        var dice = new Dice(7);
        double[] Noise() => [.. Enumerable.Range(0, trials).Select(_ => 100 * (1 + (0.1 * dice.Bell())))];
        var falseWinners = 0;
        for (var report = 0; report < Reports; report++)
        {
            var set = ComparisonSet.Of(
            [
                .. new[] { "v", "w" }.SelectMany(w => new[] { "a", "b", "a (again)" }.Select(c => Capacity(c, "c1", Noise()).On(w))),
            ]);
            if (set.Comparisons.Any(c => c.Verdict == ComparisonVerdict.Winner)) falseWinners++;
        }
        Assert.InRange(falseWinners, 0, Reports * 0.05);
    }
}
