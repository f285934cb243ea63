namespace ServeBench.OnnxServer.Scheduling;

/// <summary>Decides which of the waiting items are executed next, together. Called by one thread at a time.</summary>
internal interface IBatchPolicy
{
    /// <summary>The most items that <see cref="Choose"/> ever chooses.</summary>
    int MaximumItems { get; }

    /// <param name="waiting">The waiting items, oldest first; never empty.</param>
    /// <param name="chosen">Receives the places of the chosen ones, in ascending order; room for <see cref="MaximumItems"/>.</param>
    /// <returns>How many were chosen; at least one, and the oldest is among them.</returns>
    int Choose(ReadOnlySpan<QueuedItem> waiting, Span<int> chosen);
}
