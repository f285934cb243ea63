namespace ServeBench.Load.Wire;

/// <summary>What an answer held.</summary>
/// <param name="Items">How many items were answered.</param>
/// <param name="Embeddings">One vector per item in the answer's order; null when the protocol does not carry embeddings.</param>
/// <param name="InputTokens">Input tokens as the server counts them; null when the protocol has no such count.</param>
public sealed record DecodedAnswer(int Items, IReadOnlyList<float[]>? Embeddings, long? InputTokens);
