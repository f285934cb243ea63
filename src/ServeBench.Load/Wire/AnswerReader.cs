using ServeBench.Domain.Stacks;
using ServeBench.Load.Http;

namespace ServeBench.Load.Wire;

/// <summary>
/// Reads the answers that come on one connection, one after the other, from bytes in any pieces. On the hot path: nothing is
/// allocated per answer once buffers have grown.
/// </summary>
internal abstract class AnswerReader
{
    public abstract ParserState State { get; }

    /// <summary>Why the bytes are malformed.</summary>
    public abstract string Problem { get; }

    /// <summary>Status of the answer; 0 while there is none.</summary>
    public abstract int Status { get; }

    /// <summary>Bytes of the body so far.</summary>
    public abstract int BodyBytes { get; }

    /// <summary>True when any byte of this answer has come.</summary>
    public abstract bool Started { get; }

    /// <summary>True when the connection can carry another request after this whole answer.</summary>
    public abstract bool KeepAlive { get; }

    /// <summary>True when the first thing that a user waits for has come: a byte of a whole answer, an event of a stream.</summary>
    public abstract bool HasFirst { get; }

    /// <summary>True when a complete answer with the expected status is one as the protocol has it.</summary>
    public abstract bool IsAnswer { get; }

    /// <summary>What the stack's rules say that this whole answer means; null where none fits, and its status says it.</summary>
    public virtual OutcomeMeaning? Meaning => null;

    /// <summary>
    /// When each event of this answer came, by the clock that <see cref="Feed"/> is told; empty where answers have no events.
    /// </summary>
    public virtual ReadOnlySpan<long> EventTimes => default;

    /// <summary>Gets ready for the next answer.</summary>
    /// <param name="kept">Where to keep it; null when nobody wants it.</param>
    public abstract void Reset(AnswerBuffer? kept);

    /// <summary>Reads on. Bytes after the end of the answer make it malformed: nobody asked for them.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="now">When it came, nanoseconds.</param>
    public abstract ParserState Feed(ReadOnlySpan<byte> bytes, long now);

    /// <summary>The server has closed its side.</summary>
    /// <returns>Complete when that was the end of a whole answer.</returns>
    public abstract ParserState EndOfStream();
}
