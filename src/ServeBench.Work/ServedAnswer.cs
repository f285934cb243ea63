namespace ServeBench.Work;

/// <summary>What a stack answered to one request, as its protocol has been read.</summary>
/// <param name="Items">How many items were answered.</param>
/// <param name="Vectors">
/// By the keys of <see cref="WorkKind.AnswerValues"/>, one vector for each item in the answer's order; none for what the protocol does not
/// say.
/// </param>
public sealed record ServedAnswer(int Items, IReadOnlyDictionary<string, IReadOnlyList<float[]>> Vectors)
{
    /// <summary>The whole text of an answer that is one; null of any other.</summary>
    public string? Text { get; init; }
}
