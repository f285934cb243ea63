namespace ServeBench.OnnxServer.Batching;

/// <summary>Decides which of the waiting texts are executed next, together. Called by one thread at a time.</summary>
internal interface IBatchPolicy
{
    /// <summary>The most texts that <see cref="Choose"/> ever chooses.</summary>
    int MaximumTexts { get; }

    /// <param name="waiting">The waiting texts, oldest first; never empty.</param>
    /// <param name="chosen">Receives the places of the chosen ones, in ascending order; room for <see cref="MaximumTexts"/>.</param>
    /// <returns>How many were chosen; at least one, and the oldest is among them.</returns>
    int Choose(ReadOnlySpan<QueuedText> waiting, Span<int> chosen);
}
