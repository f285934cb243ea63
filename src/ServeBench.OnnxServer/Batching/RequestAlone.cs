namespace ServeBench.OnnxServer.Batching;

/// <summary>No batching between requests: the oldest request's own texts, as it sent them, and nobody else's.</summary>
internal sealed class RequestAlone(int maximumTexts, int maximumTokens) : IBatchPolicy
{
    public int MaximumTexts => maximumTexts;

    public int Choose(ReadOnlySpan<QueuedText> waiting, Span<int> chosen)
    {
        var request = waiting[0].Request;
        // The texts of a request are queued in one go, so they stand side by side.
        var own = 1;
        while (own < waiting.Length && waiting[own].Request == request) own++;
        return InArrivalOrder.Choose(waiting[..own], maximumTexts, maximumTokens, chosen);
    }
}
