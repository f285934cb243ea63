namespace ServeBench.OnnxServer.Scheduling;

/// <summary>
/// Items of similar cost share an execution. An execution of b items padded to the dearest, of cost s, is taken to cost
/// <c>overhead + b s</c>; the waiting items, sorted by cost, are divided into runs of neighbours so that the total cost
/// is least (dynamic programming over the number of items divided), and the run that holds the oldest item is executed.
/// So padding is paid only where it costs less than another execution, and nobody starves: the oldest item is always in the
/// next execution, and an item waits for at most as many executions as there were items before it.
/// </summary>
/// <param name="maximumItems">Items in one execution.</param>
/// <param name="maximumCost">Cost of one execution, padding included; a dearer item goes alone.</param>
/// <param name="overhead">What an execution costs beside its items, in the same units.</param>
internal sealed class CostGrouping(int maximumItems, int maximumCost, int overhead) : IBatchPolicy
{
    /// <summary>Only so many of the oldest items are looked at, which bounds the time that choosing takes.</summary>
    private const int Window = 256;

    private readonly long[] _sorted = new long[Window];
    private readonly long[] _cost = new long[Window + 1];
    private readonly int[] _size = new int[Window + 1];

    public int MaximumItems => maximumItems;

    public int Choose(ReadOnlySpan<QueuedItem> waiting, Span<int> chosen)
    {
        var count = Math.Min(waiting.Length, Window);
        // By cost; among equals the youngest first, so that a smaller run left over at the front is that of the youngest.
        for (var i = 0; i < count; i++) _sorted[i] = ((long)waiting[i].Cost << 32) | (uint)(count - 1 - i);
        _sorted.AsSpan(0, count).Sort();
        Divide(count);

        var (first, end) = RunOfOldest(count);
        for (var i = first; i < end; i++) chosen[i - first] = Place(i, count);
        chosen[..(end - first)].Sort();
        return end - first;
    }

    /// <summary>Finds, for every number of cheapest items, the least cost and the size of the last run that leads to it.</summary>
    private void Divide(int count)
    {
        for (var end = 1; end <= count; end++)
        {
            var longest = _sorted[end - 1] >> 32;
            var best = long.MaxValue;
            for (var size = 1; size <= Math.Min(end, maximumItems); size++)
            {
                if (size > 1 && size * longest > maximumCost) break;
                var cost = _cost[end - size] + overhead + size * longest;
                if (cost > best) continue;
                best = cost;
                _size[end] = size;
            }
            _cost[end] = best;
        }
    }

    private (int First, int End) RunOfOldest(int count)
    {
        var oldest = 0;
        while (Place(oldest, count) != 0) oldest++;
        var end = count;
        while (oldest < end - _size[end]) end -= _size[end];
        return (end - _size[end], end);
    }

    /// <summary>The place in the queue of the i-th cheapest item.</summary>
    private int Place(int i, int count) => count - 1 - (int)(_sorted[i] & uint.MaxValue);
}
