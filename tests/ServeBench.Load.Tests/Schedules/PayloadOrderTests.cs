using ServeBench.Load.Schedules;

namespace ServeBench.Load.Tests.Schedules;

public sealed class PayloadOrderTests
{
    [Fact]
    public void Every_round_sends_every_payload_once_in_the_order_in_which_they_were_made()
    {
        var order = new PayloadOrder(100, 1, 9);
        var sent = Enumerable.Range(0, 300).Select(_ => order.Next()).ToArray();
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (sent[0] + i) % 100), sent);
    }

    [Fact]
    public void The_seed_decides_where_it_begins()
    {
        Assert.Equal(First(50, 1, 1), First(50, 1, 1));
        Assert.NotEqual(First(50, 1, 1), First(50, 1, 2));
    }

    /// <summary>Each of the ten places comes up about equally often over the seeds (chi-squared, 9 degrees of freedom, 0.1 %).</summary>
    [Fact]
    public void No_place_is_preferred()
    {
        var counts = Enumerable.Range(0, 10_000).GroupBy(seed => First(10, 1, seed)).Select(g => g.Count()).ToArray();
        Assert.Equal(10, counts.Length);
        Assert.True(counts.Sum(c => (c - 1000.0) * (c - 1000.0) / 1000) < 27.9);
    }

    [Fact]
    public void It_begins_with_a_whole_mix()
    {
        var begins = Enumerable.Range(0, 1000).Select(seed => First(65, 21, seed)).Distinct().Order();
        Assert.Equal([0, 21, 42], begins);
        Assert.Equal(0, First(20, 21, 3));
    }

    [Fact]
    public void It_can_begin_anew()
    {
        var order = new PayloadOrder(10, 1, 9);
        var first = Enumerable.Range(0, 4).Select(_ => order.Next()).ToArray();
        order.Restart();
        Assert.Equal(first, Enumerable.Range(0, 4).Select(_ => order.Next()));
    }

    private static int First(int count, int mix, long seed) => new PayloadOrder(count, mix, seed).Next();
}
