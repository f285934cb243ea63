using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Results;
using static ServeBench.Measurement.Tests.Comparisons.Cases;

namespace ServeBench.Measurement.Tests.Comparisons;

public class AnswerTests
{
    private static readonly CaseResult Fast = Capacity("fast", "c1", 200, 201, 202, 203, 204, 205, 206);
    private static readonly CaseResult Middle = Capacity("middle", "c1", 150, 151, 152, 153, 154, 155, 156);
    private static readonly CaseResult Near = Capacity("near", "c1", 151, 151.5, 153, 153.5, 155.5, 156, 157);

    [Fact]
    [Lane("slow")]
    public void Whoever_is_better_than_every_other_is_the_answer()
    {
        var answer = Only(Middle, Fast, Near);
        Assert.Equal((ComparisonVerdict.Better, "fast"), (answer.Verdict, Assert.Single(answer.Stacks)));
        Assert.Equal(["fast", "near", "middle"], answer.Standings.Select(s => s.Stack));
    }

    [Fact]
    [Lane("slow")]
    public void Those_that_are_equivalent_share_the_answer()
    {
        var answer = Only(Middle, Capacity("slow", "c1", 100, 101, 102, 103, 104, 105, 106), Near);
        Assert.Equal(ComparisonVerdict.Equivalent, answer.Verdict);
        Assert.Equal(["near", "middle"], answer.Stacks);
    }

    [Fact]
    public void What_is_undecided_leaves_the_answer_open()
    {
        var answer = Only(Capacity("a", "c1", 100, 109, 95), Capacity("b", "c1", 112, 108, 115), Capacity("c", "c1", 10, 11, 10));
        Assert.Equal(ComparisonVerdict.Undecided, answer.Verdict);
        Assert.Equal(["b", "a"], answer.Stacks);
    }

    [Fact]
    public void The_saturated_stand_below_all_that_held_by_the_rate_that_they_held()
    {
        var answer = Only(
            Latency("lost", "r10", .001, .001, .001).Saturated(4), Latency("a", "r10", .020, .021, .022), Latency("less lost", "r10", .9, .9, .9).Saturated(8),
            Latency("broken", "r10", .001, .001, .001).Invalid());
        Assert.Equal(["a", "less lost", "lost", "broken"], answer.Standings.Select(s => s.Stack));
        Assert.Equal((ComparisonVerdict.Better, "a"), (answer.Verdict, Assert.Single(answer.Stacks)));
    }

    [Fact]
    public void A_stack_without_a_value_stands_last_and_is_not_compared()
    {
        var answer = Only(Fast.Invalid(), Middle);
        Assert.Equal(ComparisonVerdict.NotCompared, answer.Verdict);
        Assert.Equal(["middle", "fast"], answer.Standings.Select(s => s.Stack));
        Assert.Equal((null, Standing.Invalid), (answer.Standings[1].Median, answer.Standings[1].Standing!.Value));
    }

    [Fact]
    public void One_stack_alone_is_compared_with_nothing()
    {
        var set = ComparisonSet.Of([Fast, Capacity("fast (again)", "c1", 201, 202)]);
        Assert.Empty(set.Comparisons);
        Assert.Equal(ComparisonVerdict.NotCompared, Assert.Single(set.Answers).Verdict);
    }

    [Fact]
    [Lane("slow")]
    public void For_latency_the_lowest_stands_first()
    {
        var answer = Only(Latency("a", "r10", .020, .021, .022, .023), Latency("b", "r10", .010, .011, .012, .013));
        Assert.Equal(("b", "r10"), (answer.Standings[0].Stack, answer.Level));
    }

    private static Answer Only(params CaseResult[] cases) => Assert.Single(ComparisonSet.Of(cases).Answers);
}
