using ServeBench.Runs.Planning;

namespace ServeBench.Runs.Tests.Planning;

public sealed class BlockOrderTests
{
    /// <summary>Over a whole square everything stands once in every place (twice, where two squares are needed), and follows everything else equally often.</summary>
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 6)]
    [InlineData(4, 4)]
    [InlineData(7, 14)]
    [InlineData(8, 8)]
    [InlineData(20, 20)]
    public void A_square_is_balanced_in_place_and_predecessor(int count, int blocks)
    {
        var orders = Orders(count, blocks, seed: 5);
        var places = orders.SelectMany(o => o.Select((item, place) => (item, place))).GroupBy(p => p).Select(g => g.Count()).Distinct();
        Assert.Equal([blocks / count], places);
        var pairs = orders.SelectMany(o => o.Zip(o.Skip(1))).GroupBy(p => p).ToArray();
        Assert.Equal(count * (count - 1), pairs.Length);
        Assert.Equal([blocks / count], pairs.Select(p => p.Count()).Distinct());
    }

    /// <summary>With an even number of blocks nobody is later than others on average; today's default, two stacks and a twin in three blocks, is a whole Latin square.</summary>
    [Theory]
    [InlineData(8, 2)]
    [InlineData(8, 4)]
    [InlineData(9, 4)]
    [InlineData(20, 6)]
    [InlineData(3, 3)]
    [InlineData(5, 5)]
    public void Fewer_blocks_are_balanced_in_place_on_average(int count, int blocks)
    {
        var orders = Orders(count, blocks, seed: 5);
        Assert.All(Enumerable.Range(0, count), item => Assert.Equal(blocks * (count - 1) / 2.0, orders.Sum(o => Array.IndexOf(o, item)), 9));
    }

    [Fact]
    public void The_seed_decides_who_is_who()
    {
        Assert.Equal(Orders(6, 3, 1), Orders(6, 3, 1));
        var first = Enumerable.Range(0, 6000).GroupBy(seed => string.Concat(Orders(3, 1, seed)[0])).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(6, first.Count);
        Assert.All(first.Values, c => Assert.InRange(c, 850, 1150));
    }

    private static int[][] Orders(int count, int blocks, long seed) =>
        [.. Enumerable.Range(1, blocks).Select(b => BlockOrder.Of(Enumerable.Range(0, count), i => $"item {i}", seed, b).ToArray())];
}
