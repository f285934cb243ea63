using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using static ServeBench.Measurement.Tests.Comparisons.Cases;

namespace ServeBench.Measurement.Tests.Comparisons;

public class ComparisonTests
{
    [Fact]
    public void Five_clearly_better_trials_win()
    {
        var one = Only(Capacity("a", "c16", 130, 131, 132, 133, 134), Capacity("b", "c16", 100, 101, 102, 103, 104));
        Assert.Equal((ComparisonVerdict.Winner, "a"), (one.Verdict, one.Winner));
        Assert.Equal((132.0 / 102) - 1, one.Difference!.Value, 8);
        Assert.Equal(2.0 / 252, one.P!.Value, 8);
        Assert.Equal(one.P, one.AdjustedP);
        Assert.Equal("the medians differ by 29 % (p = 0.0079, Holm-corrected over 1 comparison, 5 against 5 trials)", one.Reason);
    }

    [Fact]
    public void For_latency_the_lower_wins()
    {
        var one = Only(Latency("a", "r10", .020, .021, .022, .023, .024), Latency("b", "r10", .010, .011, .012, .013, .014));
        Assert.Equal((ComparisonVerdict.Winner, "b", LatencyP95.MetricId), (one.Verdict, one.Winner, one.Metric));
    }

    [Fact]
    public void A_difference_below_five_per_cent_is_a_tie_however_significant()
    {
        var one = Only(Capacity("a", "c16", 104.1, 104.2, 104.3, 104.4, 104.5), Capacity("b", "c16", 100.1, 100.2, 100.3, 100.4, 100.5));
        Assert.True(one.AdjustedP < 0.05);
        Assert.Equal(ComparisonVerdict.Tie, one.Verdict);
        Assert.Null(one.Winner);
        Assert.Contains("no more than the 5.0 % that count", one.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Overlapping_trials_are_a_tie_however_far_the_medians()
    {
        var one = Only(Capacity("a", "c16", 90, 95, 150, 155, 160), Capacity("b", "c16", 80, 85, 100, 152, 157));
        Assert.Equal(ComparisonVerdict.Tie, one.Verdict);
        Assert.Contains("the trials do not separate", one.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_that_separate_completely_are_no_tie_though_the_rest_of_the_family_leaves_them_above_the_level()
    {
        var set = ComparisonSet.Of(
        [
            // Eight against four could be decided first, and does not separate.
            Capacity("a", "c16", 100, 110, 120, 130), Capacity("b", "c16", 101, 111, 121, 131), Capacity("a (again)", "c16", 102, 112, 122, 132),
            Capacity("a", "c16", 130, 131, 132, 133).On("v"), Capacity("b", "c16", 100, 101, 102, 103).On("v"),
        ]);
        var one = set.Comparisons.Single(c => c.Workload == "v");
        Assert.Equal(2 * 2.0 / 70, one.AdjustedP!.Value, 8);
        Assert.Equal((ComparisonVerdict.TooFewTrials, 5), (one.Verdict, one.TrialsNeeded)); // 2 x 2/252 = 0.016
        Assert.Contains("the medians differ by 30 %, and every trial of the one beats every trial of the other, but that may be chance (p = 0.057", one.Reason, StringComparison.Ordinal);
        Assert.Equal(ComparisonVerdict.Tie, set.Comparisons.Single(c => c.Workload != "v").Verdict);
    }

    [Fact]
    public void Three_against_three_are_too_few_to_decide()
    {
        var one = Only(Capacity("a", "c16", 130, 131, 132), Capacity("b", "c16", 100, 101, 102));
        Assert.Equal(ComparisonVerdict.TooFewTrials, one.Verdict);
        Assert.Equal(4, one.TrialsNeeded); // 2/70 = 0.029
        Assert.Contains("too few trials to decide", one.Reason, StringComparison.Ordinal);
        Assert.Contains("4 trials of each would do", one.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_twin_counts_as_its_stack()
    {
        var one = Only(Capacity("a", "c16", 130, 131, 132), Capacity("b", "c16", 100, 101, 102), Capacity("a (again)", "c16", 129, 133, 134));
        Assert.Equal((ComparisonVerdict.Winner, "a"), (one.Verdict, one.Winner));
        Assert.Equal(["a", "a (again)"], one.First.Contenders);
        Assert.Equal(6, one.First.Values.Count);
        Assert.Equal(2.0 / 84, one.P!.Value, 8);
    }

    [Fact]
    public void All_comparisons_of_a_question_are_one_family()
    {
        var set = ComparisonSet.Of(
        [
            Capacity("a", "c16", 130, 131, 132, 133), Capacity("b", "c16", 100, 101, 102, 103),
            Capacity("a", "c16", 130, 131, 132, 133).On("v"), Capacity("b", "c16", 100, 101, 102, 103).On("v"),
            Latency("a", "r10", .010, .011, .012, .013), Latency("b", "r10", .020, .021, .022, .023),
        ]);
        Assert.Equal([2, 2, 1], set.Comparisons.Select(c => c.FamilySize));
        // Two comparisons of four against four cannot reach 5 % together: 2 x 2/70 = 0.057; the only one of latency can.
        Assert.Equal([ComparisonVerdict.TooFewTrials, ComparisonVerdict.TooFewTrials, ComparisonVerdict.Winner], set.Comparisons.Select(c => c.Verdict));
        Assert.Equal(5, set.Comparisons[0].TrialsNeeded);
    }

    [Fact]
    public void Each_stack_stands_at_its_own_best_valid_level()
    {
        var one = Only(
            Capacity("a", "c1", 90, 91, 92, 93, 94), Capacity("b", "c1", 100, 101, 102, 103, 104),
            Capacity("a", "c16", 130, 131, 132, 133, 134), Capacity("b", "c16", 80, 81, 82, 83, 84),
            Capacity("a", "c64", 150, 151, 152, 153, 154).Invalid(), Capacity("b", "c64", 60, 61, 62, 63, 64));
        Assert.Equal(("c16", "c1"), (one.First.Level, one.Second.Level));
        Assert.Equal((132, 102), (one.First.Median!.Value, one.Second.Median!.Value));
    }

    [Fact]
    public void A_level_is_not_valid_when_the_twin_is_not()
    {
        var one = Only(
            Capacity("a", "c1", 90, 91), Capacity("a (again)", "c1", 90, 91), Capacity("b", "c1", 100, 101),
            Capacity("a", "c16", 130, 131), Capacity("a (again)", "c16", 130, 131).Invalid(), Capacity("b", "c16", 80, 81));
        Assert.Equal("c1", one.First.Level);
    }

    [Fact]
    public void What_is_invalid_is_not_compared()
    {
        var one = Only(Latency("a", "r10", .010, .011), Latency("b", "r10", .020, .021).Invalid());
        Assert.Equal(ComparisonVerdict.NotCompared, one.Verdict);
        Assert.Equal("b: its case is INVALID", one.Reason);
        Assert.Null(one.P);
        var two = Only(Capacity("a", "c1", 10, 11).Invalid(), Capacity("b", "c1", 20, 21).Invalid());
        Assert.Equal("a: every level is INVALID; b: every level is INVALID", two.Reason);
    }

    [Fact]
    public void Latency_is_compared_by_the_highest_percentile_that_all_support()
    {
        var a = Latency("a", "r10", .020, .021, .022, .023, .024).Without(LatencyP95.MetricId);
        var one = Only(a, Latency("b", "r10", .010, .011, .012, .013, .014));
        Assert.Equal(LatencyP50.MetricId, one.Metric);
        var none = Only(a.Without(LatencyP50.MetricId), Latency("b", "r10", .010, .011));
        Assert.Equal(ComparisonVerdict.NotCompared, none.Verdict);
    }

    [Fact]
    public void Sides_from_different_runs_are_not_interleaved()
    {
        Assert.True(Only(Capacity("a", "c1", 1, 2), Capacity("b", "c1", 1, 2)).Interleaved);
        Assert.False(Only(Capacity("a", "c1", 1, 2), Capacity("b", "c1", 1, 2).MeasuredBy("earlier")).Interleaved);
    }

    private static Comparison Only(params CaseResult[] cases) => Assert.Single(ComparisonSet.Of(cases).Comparisons);
}
