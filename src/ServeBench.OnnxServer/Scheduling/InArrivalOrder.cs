namespace ServeBench.OnnxServer.Scheduling;

/// <summary>The items that came first, padded to the dearest of them: what a batcher does that knows nothing of costs.</summary>
internal sealed class InArrivalOrder(int maximumItems, int maximumCost) : IBatchPolicy
{
    public int MaximumItems => maximumItems;

    public int Choose(ReadOnlySpan<QueuedItem> waiting, Span<int> chosen) => Choose(waiting, maximumItems, maximumCost, chosen);

    /// <summary>Takes items from the front for as long as both limits hold; the first one always.</summary>
    public static int Choose(ReadOnlySpan<QueuedItem> waiting, int maximumItems, int maximumCost, Span<int> chosen)
    {
        var count = 0;
        var longest = 0;
        while (count < waiting.Length && count < maximumItems)
        {
            longest = Math.Max(longest, waiting[count].Cost);
            if (count > 0 && (long)(count + 1) * longest > maximumCost) break;
            chosen[count] = count;
            count++;
        }
        return count;
    }
}
