namespace ServeBench.Domain.Protocols;

/// <summary>What a kind of work wants to know of an answer, which a protocol may say where to find.</summary>
/// <param name="Key">Its key in the protocol's <c>response.json</c>, and the name under which it is handed on.</param>
/// <param name="Form">What is there.</param>
public sealed record AnswerValue(string Key, AnswerForm Form)
{
    /// <summary>True where an answer may be without it, because a request need not ask for it.</summary>
    public bool MayLack { get; init; }
}

public enum AnswerForm
{
    /// <summary>One array of finite numbers for each item.</summary>
    Vectors,

    /// <summary>Whole numbers from 0, added up.</summary>
    Count,

    /// <summary>A text: the one item of its answer, of which every event of a stream may hold a piece.</summary>
    Text,
}
