using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Evidence;
using static ServeBench.Measurement.Tests.Comparisons.Cases;

namespace ServeBench.Measurement.Tests.Comparisons;

public class RacingTests
{
    [Fact]
    public void Ends_when_everything_is_decided()
    {
        var state = Racing.Look([Capacity("a", "c1", 200, 201, 202, 203), Capacity("b", "c1", 100, 101, 102, 101)]);
        Assert.True(state.Decided);
        Assert.Empty(state.InContention);
    }

    [Fact]
    public void Goes_on_with_those_that_are_not()
    {
        var state = Racing.Look([Capacity("a", "c1", 200, 207, 198, 203), Capacity("b", "c1", 100, 101, 102, 101), Capacity("c", "c1", 195, 201, 203, 191)]);
        Assert.False(state.Decided);
        Assert.Equal(["a", "c"], state.InContention.Order());
        Assert.False(state.Exhausted);
    }

    [Fact]
    public void Two_trials_decide_nothing() => Assert.False(Racing.Look([Capacity("a", "c1", 200, 200.1), Capacity("b", "c1", 100, 100)]).Decided);

    /// <summary>The planted fault is a look at the level of a single one.</summary>
    [Fact]
    [Lane("slow")]
    public void Looking_often_does_not_make_false_winners()
    {
        var noise = new TrialNoise(0.04, 0.05, 0, false);
        Assert.InRange(RaceRates.Of(noise, Truth.AtThreshold, 2, 10, 300).FalseWinner, 0, 0.06);
        Assert.InRange(RaceRates.Of(noise, Truth.AtThreshold, 2, 10, 300, level: Procedure.FamilyLevel).FalseWinner, 0.08, 1);
        Assert.True(RaceRates.Of(noise, Truth.Ahead(1.15), 3, 22, 60).Decided > 0.95);
    }
}
