namespace ServeBench.Load.Wire;

/// <summary>What an answer held.</summary>
/// <param name="Items">How many items were answered.</param>
/// <param name="Vectors">By the names that the protocol gives, one vector per item in the answer's order.</param>
/// <param name="Counts">
/// By the names that the protocol gives, what the server counted; a count that a stream may leave out can lack.
/// </param>
public sealed record DecodedAnswer(
    int Items,
    IReadOnlyDictionary<string, IReadOnlyList<float[]>> Vectors,
    IReadOnlyDictionary<string, long> Counts)
{
    /// <summary>The text that it is, or that its events make up; null where the protocol says of no text where it is.</summary>
    public string? Text { get; init; }
}
