using ServeBench.Models.References.Generation;

namespace ServeBench.Models.Tests.Generation;

public sealed class GreedyJudgementTests
{
    private static readonly int[] Expected = [7, 3, 9, 1];
    private static readonly double[] Margins = [0.4, 0.0005, 0.2, 0.3];

    [Theory]
    [InlineData(new[] { 7, 3, 9, 1 }, -1)]
    [InlineData(new[] { 7, 3, 8, 1 }, 2)]
    [InlineData(new[] { 6, 3, 9, 1 }, 0)]
    [InlineData(new[] { 7, 4, 2, 2 }, -1)]
    [InlineData(new[] { 7, 3, 9 }, 3)]
    [InlineData(new[] { 7 }, 1)]
    public void The_first_sure_difference_counts(int[] given, int at) =>
        Assert.Equal(at, GreedyJudgement.FirstDifference(Expected, Margins, given, nearTie: 1e-3));

    [Fact]
    public void The_margin_is_in_deviations_of_the_logits()
    {
        var (token, margin) = GreedyContinuation.Best([1, 5, 3, 1]);
        Assert.Equal(1, token);
        Assert.Equal(2 / Math.Sqrt(2.75), margin, 1e-12);
        Assert.Equal((0, 0.0), GreedyContinuation.Best([2, 2, 1]));
    }
}
