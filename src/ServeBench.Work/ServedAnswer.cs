namespace ServeBench.Work;

/// <summary>What a stack answered to one request, as its protocol has been read.</summary>
/// <param name="Items">How many items were answered.</param>
/// <param name="Vectors">One vector for each item, in the answer's order; null when the protocol does not say where they are.</param>
public sealed record ServedAnswer(int Items, IReadOnlyList<float[]>? Vectors);
