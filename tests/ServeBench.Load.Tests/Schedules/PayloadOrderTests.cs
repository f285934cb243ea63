using ServeBench.Load.Schedules;

namespace ServeBench.Load.Tests.Schedules;

public sealed class PayloadOrderTests
{
    [Fact]
    public void Goes_round_its_stretch_in_the_order_in_which_payloads_were_made()
    {
        var order = new PayloadOrder(new PayloadStretch(100, 5, At: 3));
        Assert.Equal([103, 104, 100, 101, 102, 103], Enumerable.Range(0, 6).Select(_ => order.Next()));
        Assert.Equal(6, order.Taken);
    }

    [Fact]
    public void A_place_beyond_the_stretch_is_one_of_a_later_round() =>
        Assert.Equal(101, new PayloadOrder(new PayloadStretch(100, 5, At: 16)).Next());

    [Fact]
    public void Shuffled_every_round_still_sends_each_once()
    {
        var order = new PayloadOrder(new PayloadStretch(7, 50), shuffleSeed: 3);
        var first = Enumerable.Range(0, 50).Select(_ => order.Next()).ToArray();
        Assert.Equal(Enumerable.Range(7, 50), first.Order());
        Assert.NotEqual(first.Order(), first);
        Assert.Equal(first, Enumerable.Range(0, 50).Select(_ => order.Next()));
        Assert.Equal(first[0], new PayloadOrder(new PayloadStretch(7, 50), shuffleSeed: 3).Next());
    }

    /// <summary>Each of the ten comes first about equally often over the seeds (chi-squared, 9 degrees of freedom, 0.1 %).</summary>
    [Fact]
    public void No_payload_is_preferred()
    {
        var counts = Enumerable.Range(0, 10_000).GroupBy(seed => new PayloadOrder(new PayloadStretch(0, 10), seed).Next()).Select(g => g.Count()).ToArray();
        Assert.Equal(10, counts.Length);
        Assert.True(counts.Sum(c => (c - 1000.0) * (c - 1000.0) / 1000) < 27.9);
    }
}
