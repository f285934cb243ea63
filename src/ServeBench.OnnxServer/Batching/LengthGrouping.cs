namespace ServeBench.OnnxServer.Batching;

/// <summary>
/// Texts of similar length share an execution. An execution of b texts padded to s tokens is taken to cost <c>overhead + b s</c>,
/// in units of one token's work; the waiting texts, sorted by length, are divided into runs of neighbours so that the total cost
/// is least (dynamic programming over the number of texts divided), and the run that holds the oldest text is executed.
/// So padding is paid only where it costs less than another execution, and nobody starves: the oldest text is always in the
/// next execution, and a text waits for at most as many executions as there were texts before it.
/// </summary>
/// <param name="maximumTexts">Texts in one execution.</param>
/// <param name="maximumTokens">Tokens in one execution, padding included; a longer text goes alone.</param>
/// <param name="overhead">What an execution costs beside its tokens, in tokens.</param>
internal sealed class LengthGrouping(int maximumTexts, int maximumTokens, int overhead) : IBatchPolicy
{
    /// <summary>Only so many of the oldest texts are looked at, which bounds the time that choosing takes.</summary>
    private const int Window = 256;

    private readonly long[] _sorted = new long[Window];
    private readonly long[] _cost = new long[Window + 1];
    private readonly int[] _size = new int[Window + 1];

    public int MaximumTexts => maximumTexts;

    public int Choose(ReadOnlySpan<QueuedText> waiting, Span<int> chosen)
    {
        var count = Math.Min(waiting.Length, Window);
        // By length; among equals the youngest first, so that a smaller run left over at the front is that of the youngest.
        for (var i = 0; i < count; i++) _sorted[i] = ((long)waiting[i].Tokens << 32) | (uint)(count - 1 - i);
        _sorted.AsSpan(0, count).Sort();
        Divide(count);

        var (first, end) = RunOfOldest(count);
        for (var i = first; i < end; i++) chosen[i - first] = Place(i, count);
        chosen[..(end - first)].Sort();
        return end - first;
    }

    /// <summary>Finds, for every number of shortest texts, the least cost and the size of the last run that leads to it.</summary>
    private void Divide(int count)
    {
        for (var end = 1; end <= count; end++)
        {
            var longest = _sorted[end - 1] >> 32;
            var best = long.MaxValue;
            for (var size = 1; size <= Math.Min(end, maximumTexts); size++)
            {
                if (size > 1 && size * longest > maximumTokens) break;
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

    /// <summary>The place in the queue of the i-th shortest text.</summary>
    private int Place(int i, int count) => count - 1 - (int)(_sorted[i] & uint.MaxValue);
}
