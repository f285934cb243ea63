namespace ServeBench.OnnxServer.Scheduling;

/// <summary>No batching between requests: the oldest request's own items, as it sent them, and nobody else's.</summary>
internal sealed class RequestAlone(int maximumItems, int maximumCost) : IBatchPolicy
{
    public int MaximumItems => maximumItems;

    public int Choose(ReadOnlySpan<QueuedItem> waiting, Span<int> chosen)
    {
        var request = waiting[0].Request;
        // The items of a request are queued in one go, so they are side by side.
        var own = 1;
        while (own < waiting.Length && waiting[own].Request == request) own++;
        return InArrivalOrder.Choose(waiting[..own], maximumItems, maximumCost, chosen);
    }
}
