using ServeBench.Measurement.Evidence;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Tests.Evidence;

public sealed class PlantedComparisonsTests
{
    private const string Best = "a";
    private const string Other = "b";

    [Fact]
    public void Of_two_equals_whoever_is_called_better_is_a_wrong_winner()
    {
        var tally = new PlantedComparisons(Best, 1);
        tally.Add(Comparison(Best, ComparisonVerdict.Better, 1.1, 1.06, 1.14));
        tally.Add(Comparison(Other, ComparisonVerdict.Better, 1.1, 1.06, 1.14));
        tally.Add(Comparison(Best, ComparisonVerdict.Equivalent, 1.01, 0.99, 1.03));
        Assert.Equal((0, 2, 1), (tally.Found, tally.Wrong, tally.Equivalent));
        Assert.Equal(["6", "there is none", "2 of 3 (9.4 to 99.2 %)", "1", "0", "0", "1 of 3 (0.8 to 90.6 %)"], tally.Row(6));
    }

    [Fact]
    public void The_better_one_is_found_and_the_other_is_a_wrong_winner()
    {
        var tally = new PlantedComparisons(Best, 1.1);
        tally.Add(Comparison(Best, ComparisonVerdict.Better, 1.1, 1.06, 1.14));
        tally.Add(Comparison(Other, ComparisonVerdict.Better, 1.1, 1.06, 1.14));
        tally.Add(Comparison(Best, ComparisonVerdict.Undecided, 1.08, 1.02, 1.14));
        tally.Add(Comparison(Best, ComparisonVerdict.NotCompared, null, null, null));
        Assert.Equal((1, 1, 0, 1, 1), (tally.Found, tally.Wrong, tally.Equivalent, tally.Undecided, tally.NotCompared));
        Assert.Equal("2 of 4 (6.8 to 93.2 %)", tally.Row(6)[^1]);
    }

    /// <summary>An interval is that of the stack which looks best: it holds the truth the other way round where that is the wrong one.</summary>
    [Theory]
    [InlineData(Best, 1.2, 1.05, 1.3, 1.2, true)]
    [InlineData(Other, 1.02, 0.9, 1.14, 1 / 1.02, true)]
    [InlineData(Other, 1.1, 1.05, 1.15, 1 / 1.1, false)]
    public void Ratio_and_interval_are_seen_from_the_better_stack(string first, double ratio, double low, double high, double expected, bool holds)
    {
        var tally = new PlantedComparisons(Best, 1.1);
        Assert.Equal(expected, tally.Add(Comparison(first, ComparisonVerdict.Undecided, ratio, low, high))!.Value, 12);
        Assert.StartsWith(holds ? "1 of 1" : "0 of 1", tally.Row(6)[^1], StringComparison.Ordinal);
    }

    private static Comparison Comparison(string first, ComparisonVerdict verdict, double? ratio, double? low, double? high) => new()
    {
        Question = "capacity",
        Workload = "w",
        Model = "m",
        Host = "h",
        Scenario = "s",
        First = new ComparisonSide(first, [first], null, [], null),
        Second = new ComparisonSide(first == Best ? Other : Best, [], null, [], null),
        Verdict = verdict,
        Ratio = ratio,
        Low = low,
        High = high,
        Reason = "",
    };
}
