using ServeBench.Measurement.Comparisons;
using static ServeBench.Measurement.Tests.Comparisons.Cases;

namespace ServeBench.Measurement.Tests.Comparisons;

public class RunComparisonTests
{
    private static readonly double[] Before = [100, 101, 99, 100.5, 99.5, 100.2];
    private static readonly double[] After = [100.4, 99.2, 100.9, 99.6, 100.1, 100.6];

    [Theory]
    [InlineData(0.9, ChangeVerdict.Regression)]
    [InlineData(1.15, ChangeVerdict.Improvement)]
    [InlineData(1.0, ChangeVerdict.Unchanged)]
    [InlineData(0.95, ChangeVerdict.Undecided)]
    public void Says_what_became_of_a_stack(double factor, ChangeVerdict expected)
    {
        var change = RunComparison.Of([Capacity("a", "c1", Before), Capacity("b", "c1", Before)], [Capacity("a", "c1", [.. After.Select(v => v * factor)]), Capacity("b", "c1", After)]).Single(c => c.Stack == "a");
        Assert.Equal(expected, change.Verdict);
        Assert.InRange(change.Ratio!.Value, factor - 0.01, factor + 0.01);
    }

    [Fact]
    public void A_longer_latency_is_a_regression() =>
        Assert.Equal(ChangeVerdict.Regression, Assert.Single(RunComparison.Of([Latency("a", "r10", .01, .0101, .0099, .01)], [Latency("a", "r10", .012, .0121, .0119, .012)])).Verdict);

    [Fact]
    public void What_can_no_longer_hold_the_load_is_a_regression() =>
        Assert.Equal(ChangeVerdict.Regression, Assert.Single(RunComparison.Of([Latency("a", "r10", .01, .01, .01)], [Latency("a", "r10", .01, .01, .01).Saturated(5)])).Verdict);

    [Fact]
    public void A_stack_that_is_gone_is_told() =>
        Assert.Contains(RunComparison.Of([Capacity("a", "c1", Before), Capacity("gone", "c1", Before)], [Capacity("a", "c1", After)]),
            c => c is { Stack: "gone", Verdict: ChangeVerdict.NotCompared, Reason: RunComparison.NotInCandidate });

    [Fact]
    public void What_one_run_lacks_is_not_compared()
    {
        var changes = RunComparison.Of([Capacity("a", "c1", Before)], [Capacity("a", "c1", After).Invalid(), Capacity("new", "c1", After)]);
        Assert.All(changes, c => Assert.Equal(ChangeVerdict.NotCompared, c.Verdict));
        Assert.Contains(changes, c => c is { Stack: "new", Reason: "the baseline did not measure it" });
    }
}
