namespace ServeBench.Load.Http;

internal enum ParserState : byte
{
    /// <summary>The answer has not ended yet.</summary>
    Incomplete,

    /// <summary>The answer is whole and well-formed.</summary>
    Complete,

    /// <summary>What came is not an answer; nothing more can be read from the connection.</summary>
    Malformed,

    /// <summary>The server has said that it did not take the request, and takes no further one on this connection.</summary>
    NotTaken,
}
