using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Evidence;
using static ServeBench.Measurement.Tests.Comparisons.Cases;

namespace ServeBench.Measurement.Tests.Comparisons;

public class NoiseFloorTests
{
    [Fact]
    [Lane("slow")]
    public void Is_the_spread_within_blocks_with_its_interval()
    {
        var noise = new SeededNoise(7);
        var truth = new TrialNoise(0.04, 0.10, 0, false).Run(noise, new double[6], 20);
        var cases = Enumerable.Range(0, 6).Select(s => Capacity($"s{s}", "c1", [.. truth.Where(o => o.Stack == s).OrderBy(o => o.Block).Select(o => 100 * Math.Exp(o.Value))]));
        var floor = Assert.Single(ComparisonSet.Of([.. cases]).Floors);
        Assert.InRange(floor.Spread, 0.034, 0.046);
        Assert.InRange(0.04, floor.Low, floor.High);
        Assert.Equal((95, 20), (floor.DegreesOfFreedom, floor.Trials));
        Assert.True(1.05 < floor.ResolvableRatio && floor.ResolvableRatio < floor.SureRatio);
    }

    [Fact]
    public void The_twin_checks_the_procedure()
    {
        var equal = Assert.Single(ComparisonSet.Of([Capacity("a", "c1", 100, 101, 99, 100), Capacity("a (again)", "c1", 100.5, 100, 100, 99.5), Capacity("b", "c1", 50, 51, 50, 50)]).Floors);
        Assert.True(Assert.Single(equal.Twins).Covers);
        var unequal = Assert.Single(ComparisonSet.Of([Capacity("a", "c1", 100, 101, 99, 100), Capacity("a (again)", "c1", 110.5, 110, 110, 109.5), Capacity("b", "c1", 50, 51, 50, 50)]).Floors);
        Assert.False(Assert.Single(unequal.Twins).Covers);
    }

    [Fact]
    public void A_single_trial_shows_no_spread() => Assert.Empty(ComparisonSet.Of([Capacity("a", "c1", 100), Capacity("b", "c1", 100)]).Floors);
}
