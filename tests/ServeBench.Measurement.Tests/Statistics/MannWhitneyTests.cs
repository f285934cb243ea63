using ServeBench.Measurement.Statistics;
using ServeBench.Synthetic;

namespace ServeBench.Measurement.Tests.Statistics;

public class MannWhitneyTests
{
    /// <summary>
    /// Critical values of U, two-sided at 5 % (Siegel and Castellan's table, reprinted in most textbooks): the largest U that
    /// is still significant.
    /// </summary>
    [Theory]
    [InlineData(3, 5, 0)]
    [InlineData(3, 6, 1)]
    [InlineData(4, 4, 0)]
    [InlineData(5, 5, 2)]
    [InlineData(5, 8, 6)]
    [InlineData(6, 6, 5)]
    [InlineData(8, 8, 13)]
    [InlineData(10, 10, 23)]
    [InlineData(9, 15, 34)]
    [InlineData(15, 15, 64)]
    [InlineData(20, 20, 127)]
    public void Agrees_with_the_table_of_critical_values(int first, int second, int critical)
    {
        var (a, b) = WithU(first, second, critical);
        Assert.True(MannWhitney.TwoSided(a, b) <= 0.05);
        (a, b) = WithU(first, second, critical + 1);
        Assert.True(MannWhitney.TwoSided(a, b) > 0.05);
    }

    /// <summary>Hollander and Wolfe's example of permeability (in R's help of wilcox.test): W = 35, one-sided p = 0.1272.</summary>
    [Fact]
    public void Agrees_with_a_published_example()
    {
        double[] term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
        double[] early = [1.15, 0.88, 0.90, 0.74, 1.21];
        Assert.Equal(0.2544, MannWhitney.TwoSided(term, early), 4);
    }

    [Theory]
    [InlineData(3, 3, 0.1)]
    [InlineData(6, 3, 2.0 / 84)]
    [InlineData(5, 5, 2.0 / 252)]
    [InlineData(10, 5, 2.0 / 3003)]
    public void Complete_separation_gives_the_least_p(int first, int second, double expected)
    {
        var a = Enumerable.Range(0, first).Select(i => (double)i).ToArray();
        var b = Enumerable.Range(100, second).Select(i => (double)i).ToArray();
        Assert.Equal(expected, MannWhitney.TwoSided(a, b), 12);
        Assert.Equal(expected, MannWhitney.TwoSided(b, a), 12);
        Assert.Equal(expected, MannWhitney.Least(first, second), 12);
    }

    /// <summary>Every split of the pooled values is tried, which is the definition itself.</summary>
    [Fact]
    public void Agrees_with_trying_every_split_with_and_without_ties()
    {
        var dice = new Dice(5);
        for (var round = 0; round < 60; round++)
        {
            var a = Enumerable.Range(0, 2 + (int)(dice.Next() * 4)).Select(_ => Math.Floor(dice.Next() * 7)).ToArray();
            var b = Enumerable.Range(0, 2 + (int)(dice.Next() * 5)).Select(_ => Math.Floor(dice.Next() * 7)).ToArray();
            Assert.Equal(ByTrying(a, b), MannWhitney.TwoSided(a, b), 12);
        }
    }

    [Fact]
    public void Equal_values_show_nothing() => Assert.Equal(1, MannWhitney.TwoSided([5, 5, 5], [5, 5, 5, 5]));

    [Fact]
    public void Takes_the_largest_groups_it_promises()
    {
        var a = Enumerable.Range(0, MannWhitney.MostValues).Select(i => (double)i).ToArray();
        var b = a.Select(v => v + 0.5).ToArray();
        Assert.InRange(MannWhitney.TwoSided(a, b), 0.85, 1); // nearly interleaved: U is 50 off its expectation of 5,000
        Assert.Throws<ArgumentOutOfRangeException>(() => MannWhitney.TwoSided([.. a, 1], b));
        Assert.Throws<ArgumentOutOfRangeException>(() => MannWhitney.TwoSided([], b));
    }

    /// <summary>Groups without ties in which the first has the given U: the values of the first are as low as that allows.</summary>
    private static (double[] First, double[] Second) WithU(int first, int second, int u)
    {
        var beyond = new int[first];
        for (var i = first - 1; u > 0; i--)
        {
            beyond[i] = Math.Min(second, u);
            u -= beyond[i];
        }
        // A value of the first that exceeds k of the second stands between the k-th and the next.
        return ([.. beyond.Select((k, i) => k - 0.5 + (i * 1e-3))], [.. Enumerable.Range(0, second).Select(i => (double)i)]);
    }

    private static double ByTrying(double[] a, double[] b)
    {
        double[] pooled = [.. a, .. b];
        double RankSum(IEnumerable<double> group) => group.Sum(v => pooled.Count(x => x < v) + ((pooled.Count(x => x == v) + 1) / 2.0));
        var expected = a.Length * (pooled.Length + 1) / 2.0;
        var observed = Math.Abs(RankSum(a) - expected);
        int extreme = 0, all = 0;
        for (var mask = 0; mask < 1 << pooled.Length; mask++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)mask) != a.Length) continue;
            all++;
            if (Math.Abs(RankSum(pooled.Where((_, i) => (mask >> i & 1) == 1)) - expected) >= observed - 1e-9) extreme++;
        }
        return (double)extreme / all;
    }
}
