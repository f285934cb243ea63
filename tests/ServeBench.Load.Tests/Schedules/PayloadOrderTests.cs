using ServeBench.Load.Schedules;

namespace ServeBench.Load.Tests.Schedules;

public sealed class PayloadOrderTests
{
    [Fact]
    public void Every_round_sends_every_payload_once_in_the_same_order()
    {
        var order = new PayloadOrder(100, 9);
        var rounds = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 100).Select(_ => order.Next()).ToArray()).ToArray();
        Assert.Equal(Enumerable.Range(0, 100), rounds[0].Order());
        Assert.NotEqual(Enumerable.Range(0, 100), rounds[0]);
        Assert.Equal(rounds[0], rounds[1]);
        Assert.Equal(rounds[0], rounds[2]);
    }

    [Fact]
    public void The_seed_decides_the_order()
    {
        Assert.Equal(Round(1), Round(1));
        Assert.NotEqual(Round(1), Round(2));
    }

    /// <summary>Each of the six orders of three payloads comes up about equally often over the seeds.</summary>
    [Fact]
    public void No_order_is_preferred()
    {
        var counts = Enumerable.Range(0, 6000).GroupBy(seed =>
        {
            var order = new PayloadOrder(3, seed);
            return (order.Next(), order.Next(), order.Next());
        }).Select(g => g.Count()).ToArray();
        Assert.Equal(6, counts.Length);
        Assert.True(counts.Sum(c => (c - 1000.0) * (c - 1000.0) / 1000) < 20.5);
    }

    [Fact]
    public void It_can_begin_anew()
    {
        var order = new PayloadOrder(10, 9);
        var first = Enumerable.Range(0, 4).Select(_ => order.Next()).ToArray();
        order.Restart();
        Assert.Equal(first, Enumerable.Range(0, 4).Select(_ => order.Next()));
    }

    private static int[] Round(long seed)
    {
        var order = new PayloadOrder(50, seed);
        return [.. Enumerable.Range(0, 50).Select(_ => order.Next())];
    }
}
