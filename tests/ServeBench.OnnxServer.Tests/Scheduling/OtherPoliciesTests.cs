using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Tests.Scheduling;

public sealed class OtherPoliciesTests
{
    [Fact]
    public void Arrival_order_pads_whatever_came_first() => Assert.Equal([0, 1, 2], Choose(new InArrivalOrder(3, 1024), Requests.Waiting(16, 128, 17, 256)));

    [Fact]
    public void Arrival_order_keeps_both_limits()
    {
        Assert.Equal([0, 1], Choose(new InArrivalOrder(8, 100), Requests.Waiting(40, 50, 10, 10)));
        Assert.Equal([0], Choose(new InArrivalOrder(8, 100), Requests.Waiting(400, 1, 1)));
    }

    [Fact]
    public void Without_batching_no_two_requests_share_an_execution()
    {
        var (first, second) = (Requests.Of(1, 5, 6, 7), Requests.Of(2, 5));
        QueuedItem[] waiting = [new(first, 1, 6), new(first, 2, 7), new(second, 0, 5)];
        Assert.Equal([0, 1], Choose(new RequestAlone(8, 1024), waiting));
        Assert.Equal([0], Choose(new RequestAlone(1, 1024), waiting));
        Assert.Equal([0], Choose(new RequestAlone(8, 1024), waiting[2..]));
    }

    private static int[] Choose(IBatchPolicy policy, QueuedItem[] waiting)
    {
        Span<int> chosen = stackalloc int[policy.MaximumItems];
        return chosen[..policy.Choose(waiting, chosen)].ToArray();
    }
}
