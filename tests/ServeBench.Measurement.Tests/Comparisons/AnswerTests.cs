using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Results;
using static ServeBench.Measurement.Tests.Comparisons.Cases;

namespace ServeBench.Measurement.Tests.Comparisons;

public class AnswerTests
{
    private static readonly CaseResult Fast = Capacity("fast", "c1", 200, 201, 202, 203, 204, 205, 206);
    private static readonly CaseResult Middle = Capacity("middle", "c1", 150, 151, 152, 153, 154, 155, 156);
    private static readonly CaseResult Near = Capacity("near", "c1", 149, 150.5, 152.5, 153.5, 154.5, 155.5, 157);

    [Fact]
    public void Whoever_beats_every_other_wins()
    {
        var answer = Only(Middle, Fast, Near);
        Assert.Equal(ComparisonVerdict.Winner, answer.Verdict);
        Assert.Equal(["fast"], answer.Stacks);
        Assert.Equal(["fast", "near", "middle"], answer.Standings.Select(s => s.Stack));
    }

    [Fact]
    public void Several_unbeaten_are_a_tie()
    {
        var answer = Only(Middle, Capacity("slow", "c1", 100, 101, 102, 103, 104, 105, 106), Near);
        Assert.Equal(ComparisonVerdict.Tie, answer.Verdict);
        Assert.Equal(["near", "middle"], answer.Stacks);
    }

    [Fact]
    public void Undecided_leaders_are_too_few_trials()
    {
        var answer = Only(Capacity("a", "c1", 100, 101, 102), Capacity("b", "c1", 120, 121, 122));
        Assert.Equal(ComparisonVerdict.TooFewTrials, answer.Verdict);
        Assert.Equal(["b", "a"], answer.Stacks);
    }

    [Fact]
    public void A_stack_without_a_value_stands_last_and_is_not_compared()
    {
        var answer = Only(Fast.Invalid(), Middle);
        Assert.Equal(ComparisonVerdict.NotCompared, answer.Verdict);
        Assert.Equal(["middle", "fast"], answer.Standings.Select(s => s.Stack));
        Assert.Null(answer.Standings[1].Median);
    }

    [Fact]
    public void One_stack_alone_is_compared_with_nothing()
    {
        var set = ComparisonSet.Of([Fast, Capacity("fast (again)", "c1", 201, 202)]);
        Assert.Empty(set.Comparisons);
        Assert.Equal(ComparisonVerdict.NotCompared, Assert.Single(set.Answers).Verdict);
    }

    [Fact]
    public void For_latency_the_lowest_stands_first()
    {
        var answer = Only(Latency("a", "r10", .020, .021, .022, .023), Latency("b", "r10", .010, .011, .012, .013));
        Assert.Equal(("b", "r10"), (answer.Standings[0].Stack, answer.Level));
        Assert.Equal(["b"], answer.Stacks);
    }

    private static Answer Only(params CaseResult[] cases) => Assert.Single(ComparisonSet.Of(cases).Answers);
}
