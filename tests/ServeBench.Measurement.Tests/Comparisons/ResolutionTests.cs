using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Evidence;

namespace ServeBench.Measurement.Tests.Comparisons;

public class ResolutionTests
{
    [Fact]
    public void More_trials_and_less_spread_resolve_more()
    {
        Assert.True(Resolution.ResolvableRatio(0.04, 8, 6) > Resolution.ResolvableRatio(0.04, 8, 12));
        Assert.True(Resolution.ResolvableRatio(0.04, 8, 6) > Resolution.ResolvableRatio(0.02, 8, 6));
        Assert.True(Resolution.ResolvableRatio(0.04, 8, 6, questions: 3) > Resolution.ResolvableRatio(0.04, 8, 6));
    }

    /// <summary>What is promised for nine in ten is found in nine of ten simulated runs.</summary>
    [Theory]
    [InlineData(0.04, 4, 6)]
    [InlineData(0.013, 2, 4)]
    [InlineData(0.013, 2, 3)]
    [Lane("slow")]
    public void The_sure_ratio_is_found_nine_times_in_ten(double spread, int stacks, int trials)
    {
        var ratio = Resolution.SureRatio(spread, stacks, trials);
        var found = ErrorRates.Of(Procedure.Published, new TrialNoise(spread, 0.05, 0, false), Truth.Ahead(ratio), stacks, trials, 1500).Power;
        Assert.InRange(found, 0.88, 0.95);
    }

    [Fact]
    public void Trials_for_five_per_cent_are_told_or_refused()
    {
        Assert.InRange(Resolution.TrialsForPracticalRatio(0.04, 8)!.Value, 8, 14);
        Assert.Null(Resolution.TrialsForPracticalRatio(0.5, 8));
    }

    [Fact]
    public void Refuses_what_has_no_answer()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Resolution.ResolvableRatio(0.04, 1, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => Resolution.ResolvableRatio(0.04, 2, 1));
    }
}
