using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using static ServeBench.Measurement.Tests.Comparisons.Cases;

namespace ServeBench.Measurement.Tests.Comparisons;

public class ComparisonTests
{
    private static readonly double[] Steady = [100, 101, 99, 100.5, 99.5];

    [Fact]
    public void Better_when_the_whole_interval_is_beyond_five_per_cent()
    {
        var one = Only(Capacity("b", "c16", Steady), Capacity("a", "c16", [.. Steady.Select(v => 1.3 * v)]));
        Assert.Equal((ComparisonVerdict.Better, "a", "b"), (one.Verdict, one.First.Stack, one.Second.Stack));
        Assert.Equal(1.3, one.Ratio!.Value, 6);
        Assert.True(one.Low > 1.05);
        Assert.Contains("1.30 times as good", one.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void For_latency_the_lower_is_better_and_the_ratio_says_how_many_times_as_long()
    {
        var one = Only(Latency("a", "r10", .020, .021, .022, .023, .024), Latency("b", "r10", .010, .0105, .011, .0115, .012));
        Assert.Equal((ComparisonVerdict.Better, "b", LatencyPercentile.P95), (one.Verdict, one.First.Stack, one.Metric));
        Assert.Equal(2, one.Ratio!.Value, 6);
    }

    [Fact]
    public void Equivalent_when_the_whole_interval_is_within_five_per_cent()
    {
        var one = Only(Capacity("a", "c16", 100, 101, 99, 100.5, 99.5), Capacity("b", "c16", 101.2, 101.9, 100, 101.4, 100.7));
        Assert.Equal(ComparisonVerdict.Equivalent, one.Verdict);
        Assert.InRange(one.High!.Value, 1, 1.05);
    }

    [Fact]
    public void Undecided_says_how_many_trials_would_decide()
    {
        var one = Only(Capacity("a", "c16", 104, 120, 108), Capacity("b", "c16", 100, 99, 96));
        Assert.Equal(ComparisonVerdict.Undecided, one.Verdict);
        Assert.InRange(one.TrialsNeeded!.Value, 4, 30);
    }

    [Fact]
    public void A_drift_that_blocks_share_is_no_noise()
    {
        double[] drift = [1, 1.3, 0.8, 1.1, 0.9];
        var one = Only(Capacity("a", "c16", [.. Steady.Select((v, i) => 1.2 * v * drift[i])]), Capacity("b", "c16", [.. Steady.Reverse().Select((v, i) => v * drift[i])]));
        Assert.Equal(ComparisonVerdict.Better, one.Verdict);
    }

    [Fact]
    public void One_spoiled_trial_costs_that_trial_only()
    {
        var one = Only(Capacity("a", "c16", [130, 131, 5, 132, 133]).Spoiled(3), Capacity("b", "c16", Steady));
        Assert.Equal((ComparisonVerdict.Better, 4), (one.Verdict, one.First.Values.Count));
    }

    [Fact]
    public void The_twin_counts_as_its_stack()
    {
        var one = Only(Capacity("a", "c16", 130, 131, 132), Capacity("b", "c16", 100, 101, 102), Capacity("a (again)", "c16", 129, 133, 134));
        Assert.Equal(["a", "a (again)"], one.First.Contenders);
        Assert.Equal(6, one.First.Values.Count);
    }

    [Fact]
    public void Questions_of_several_workloads_share_the_risk()
    {
        double[] better = [112, 115, 109, 113, 110];
        var alone = Only(Capacity("a", "c16", better), Capacity("b", "c16", Steady));
        var three = ComparisonSet.Of([.. ((string[])["u", "v", "w"]).SelectMany(w => (CaseResult[])[Capacity("a", "c16", better).On(w), Capacity("b", "c16", Steady).On(w)])]);
        Assert.All(three.Comparisons, c => Assert.True(c.Low < alone.Low && c.High > alone.High));
    }

    [Fact]
    public void Each_stack_stands_at_its_own_best_valid_level_and_the_last_one_is_at_least()
    {
        var one = Only(
            Capacity("a", "c1", 90, 91, 92), Capacity("b", "c1", 100, 101, 102),
            Capacity("a", "c16", 130, 131, 132), Capacity("b", "c16", 80, 81, 82),
            Capacity("a", "c64", 150, 151, 152).Invalid(), Capacity("b", "c64", 60, 61, 62));
        Assert.Equal(("c16", "c1"), (one.First.Level, one.Second.Level));
        Assert.False(one.First.AtLeast);
        var edge = Only(Capacity("a", "c1", 90, 91, 92), Capacity("a", "c16", 130, 131, 132), Capacity("b", "c1", 100, 101, 102), Capacity("b", "c16", 80, 81, 82));
        Assert.Equal((true, false), (edge.First.AtLeast, edge.Second.AtLeast));
    }

    [Fact]
    [Lane("slow")]
    public void A_search_is_the_capacity_and_the_sweep_beside_it_a_question_of_its_own()
    {
        var set = ComparisonSet.Of(
        [
            Search("a", 124, 127, 129), Search("b", 104, 118, 123),
            Capacity("a", "c1", 113, 114, 117), Capacity("b", "c1", 115, 115, 118),
            Capacity("a", "c16", 141, 145, 145), Capacity("b", "c16", 111, 112, 113),
            Capacity("a", "c16", 141, 145, 145).On("unsearched"), Capacity("b", "c16", 111, 112, 113).On("unsearched"),
        ]);
        Assert.Equal(
            [("capacity", "w", MaxRate.MetricId), ("capacity", "unsearched", ItemThroughput.MetricId), ("throughput", "w", ItemThroughput.MetricId)],
            set.Answers.Select(a => (a.Question, a.Workload, a.Metric!)));
        Assert.Equal(ComparisonVerdict.Undecided, set.Answers[0].Verdict);
        var throughput = set.Comparisons.Single(c => c.Question == "throughput");
        Assert.Equal((ComparisonVerdict.Better, "a", "c16", "c1"), (throughput.Verdict, throughput.First.Stack, throughput.First.Level, throughput.Second.Level));
    }

    /// <summary>Of three trials, those whose search found no rate that failed.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void A_max_rate_is_at_least_where_no_rate_failed_in_most_trials(int unbounded, bool atLeast)
    {
        var search = Search("a", 124, 127, 129);
        search = search with { Trials = [.. search.Trials.Select((t, i) => t with { AtLeast = i < unbounded })] };
        var sides = ComparisonSet.Of([search, Search("b", 104, 110, 112)]).Answers.Single().Standings;
        Assert.Equal([atLeast, false], sides.Select(s => s.AtLeast));
    }

    [Fact]
    public void A_plan_is_decided_by_the_rate_where_it_searches_and_by_the_curve_elsewhere()
    {
        PlannedCase[] curve = [new("w", "m", "sweep", "c1", IsSearch: false)];
        PlannedCase[] searched = [.. curve, new("w", "m", "max-rate", "max-rate", IsSearch: true)];
        Assert.Equal([ItemThroughput.MetricId], new CapacityQuestion().MetricsOf(curve));
        Assert.Equal([MaxRate.MetricId], new CapacityQuestion().MetricsOf(searched));
        Assert.Equal((0, 1), (new ThroughputQuestion().CountContests(curve), new ThroughputQuestion().CountContests(searched)));
    }

    [Fact]
    public void Whoever_is_saturated_has_lost_to_whoever_is_not()
    {
        var one = Only(Latency("a", "r10", .010, .011, .012).Saturated(7.5), Latency("b", "r10", .020, .021, .022));
        Assert.Equal((ComparisonVerdict.Better, "b"), (one.Verdict, one.First.Stack));
        Assert.Null(one.Ratio);
        Assert.Contains("it held 7.5", one.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_invalid_is_not_compared()
    {
        var one = Only(Latency("a", "r10", .010, .011), Latency("b", "r10", .020, .021).Invalid());
        Assert.Equal((ComparisonVerdict.NotCompared, "b: its case is INVALID"), (one.Verdict, one.Reason));
        var two = Only(Capacity("a", "c1", 10, 11).Invalid(), Capacity("b", "c1", 20, 21).Invalid());
        Assert.Equal("a: every level is INVALID; b: every level is INVALID", two.Reason);
    }

    [Fact]
    public void A_stack_whose_samples_support_no_p95_costs_the_others_nothing()
    {
        var set = ComparisonSet.Of(
        [
            Latency("slow", "r10", .2, .21, .2, .22).Without(LatencyPercentile.P95),
            Latency("a", "r10", .010, .0101, .0099, .0102), Latency("b", "r10", .015, .0151, .0152, .0149),
        ]);
        Assert.Equal(ComparisonVerdict.Better, set.Comparisons.Single(c => c.Second.Stack == "b").Verdict);
        Assert.Equal(LatencyPercentile.P95, set.Answers.Single().Metric);
        Assert.Equal(ComparisonVerdict.NotCompared, set.Comparisons.Single(c => c.Second.Stack == "slow").Verdict);
    }

    /// <summary>Nothing has no ratio to something: it has lost, with the reason, and the others are decided as if it were not there.</summary>
    [Fact]
    public void A_stack_that_served_nothing_in_some_trials_has_lost()
    {
        var set = ComparisonSet.Of([
            Capacity("a", "c1", 200, 201, 199, 202), Capacity("b", "c1", 150, 151, 149, 152), Capacity("hung", "c1", 18, 0, 19, 0)]);
        Assert.Equal(ComparisonVerdict.Better, set.Comparisons.Single(c => c.Second.Stack == "b").Verdict);
        var lost = set.Comparisons.Single(c => c.Second.Stack == "hung");
        Assert.Equal((ComparisonVerdict.Better, Standing.Saturated), (lost.Verdict, lost.Second.Standing));
        Assert.Equal("SATURATED: it served nothing in 2 trials", lost.Second.Absence);
    }

    [Fact]
    public void Trials_of_different_runs_never_decide()
    {
        var one = Only(Capacity("a", "c1", 200, 201, 202), Capacity("b", "c1", 100, 101, 102).MeasuredBy("earlier"));
        Assert.Equal(ComparisonVerdict.NotCompared, one.Verdict);
        Assert.Contains("different runs", one.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_added_by_a_later_run_are_a_further_look_and_cost_a_smaller_level()
    {
        double[] better = [112, 115, 109, 113, 110];
        var once = Only(Capacity("a", "c1", better), Capacity("b", "c1", Steady));
        CaseResult Later(CaseResult of) => of with { Trials = [.. of.Trials.Select(t => t.Trial > 3 ? t with { MeasuredByRun = "later" } : t)] };
        var added = Only(Later(Capacity("a", "c1", better)), Later(Capacity("b", "c1", Steady)));
        Assert.Equal(once.Ratio, added.Ratio);
        Assert.True(added.Low < once.Low);
    }

    [Fact]
    public void What_never_settled_cannot_win()
    {
        var one = Only(Capacity("a", "c1", 200, 201, 202, 203).Unsettled(), Capacity("b", "c1", 100, 101, 102, 103));
        Assert.Equal(ComparisonVerdict.Undecided, one.Verdict);
        Assert.Contains("did not settle", one.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_permutation_test_stands_beside_where_trials_are_enough()
    {
        double[] six = [100, 101, 99, 100.5, 99.5, 100.2];
        Assert.Equal(2.0 / 64, Only(Capacity("a", "c1", [.. six.Select(v => v * 1.2)]), Capacity("b", "c1", six)).P!.Value, 8);
        Assert.Null(Only(Capacity("a", "c1", 120, 121, 122), Capacity("b", "c1", 100, 101, 102)).P);
    }

    private static Comparison Only(params CaseResult[] cases) => Assert.Single(ComparisonSet.Of(cases).Comparisons);
}
