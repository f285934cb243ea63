namespace ServeBench.OnnxServer.Batching;

/// <summary>The texts that came first, padded to the longest of them: what a batcher does that knows nothing of lengths.</summary>
internal sealed class InArrivalOrder(int maximumTexts, int maximumTokens) : IBatchPolicy
{
    public int MaximumTexts => maximumTexts;

    public int Choose(ReadOnlySpan<QueuedText> waiting, Span<int> chosen) => Choose(waiting, maximumTexts, maximumTokens, chosen);

    /// <summary>Takes texts from the front for as long as both limits hold; the first one always.</summary>
    public static int Choose(ReadOnlySpan<QueuedText> waiting, int maximumTexts, int maximumTokens, Span<int> chosen)
    {
        var count = 0;
        var longest = 0;
        while (count < waiting.Length && count < maximumTexts)
        {
            longest = Math.Max(longest, waiting[count].Tokens);
            if (count > 0 && (long)(count + 1) * longest > maximumTokens) break;
            chosen[count] = count;
            count++;
        }
        return count;
    }
}
