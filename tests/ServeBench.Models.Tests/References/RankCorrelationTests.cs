using ServeBench.Models.References;

namespace ServeBench.Models.Tests.References;

public class RankCorrelationTests
{
    [Fact]
    public void Any_rising_function_keeps_all_of_the_order() =>
        Assert.Equal(1, RankCorrelation.Spearman([1, 2, 3, 4], [-10, 0, 0.5, 1e9]), 12);

    [Fact]
    public void A_reversed_order_is_minus_one() => Assert.Equal(-1, RankCorrelation.Spearman([1, 2, 3], [3, 2, 1]), 12);

    /// <summary>By hand: the ranks are 1, 2.5, 2.5, 4 and 2, 1, 3, 4, so the deviations from 2.5 give 3 / sqrt(4.5 x 5).</summary>
    [Fact]
    public void Equal_values_share_their_ranks() => Assert.Equal(3 / Math.Sqrt(4.5 * 5), RankCorrelation.Spearman([1, 2, 2, 3], [20, 10, 30, 40]), 12);

    [Fact]
    public void Values_that_are_all_equal_have_no_order() => Assert.True(double.IsNaN(RankCorrelation.Spearman([1, 1, 1], [1, 2, 3])));

    [Fact]
    public void The_pairs_are_many_graded_and_each_is_there_once()
    {
        Assert.InRange(SimilarityPairs.Grades.Count, 200, 250);
        Assert.All(SimilarityPairs.Grades, g => Assert.InRange(g, 0, 5));
        Assert.All(SimilarityPairs.Grades.CountBy(g => g), g => Assert.InRange(g.Value, 30, 40));
        Assert.Equal(SimilarityPairs.Grades.Count, SimilarityPairs.Sentences.Chunk(2).Select(p => $"{p[0]}|{p[1]}").Distinct().Count());
    }
}
