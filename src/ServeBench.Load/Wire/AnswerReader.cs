using ServeBench.Domain.Stacks;
using ServeBench.Load.Http;

namespace ServeBench.Load.Wire;

/// <summary>
/// Reads the answers that come on one connection, one after the other, from bytes in any pieces. On the hot path: nothing is
/// allocated per answer once buffers have grown, and what is known of an answer is plain data, brought up to date by
/// <see cref="Reset"/>, <see cref="Feed"/> and <see cref="EndOfStream"/>, so that asking for it costs no call.
/// </summary>
internal abstract class AnswerReader
{
    public ParserState State { get; protected set; }

    /// <summary>Status of the answer; 0 while there is none.</summary>
    public int Status { get; protected set; }

    /// <summary>Bytes of the body so far.</summary>
    public int BodyBytes { get; protected set; }

    /// <summary>True when any byte of this answer has come.</summary>
    public bool Started { get; protected set; }

    /// <summary>True when the connection can carry another request after this whole answer.</summary>
    public bool KeepAlive { get; protected set; }

    /// <summary>True when the first thing that a user waits for has come: a byte of a whole answer, an event of a stream.</summary>
    public bool HasFirst { get; protected set; }

    /// <summary>True when a complete answer with the expected status is one as the protocol has it.</summary>
    public bool IsAnswer { get; protected set; }

    /// <summary>Why the bytes are malformed.</summary>
    public abstract string Problem { get; }

    /// <summary>What the answers are written in, as a word for errors.</summary>
    public virtual string Language => "HTTP";

    /// <summary>What puts this connection's requests on the wire; null where they go out as they were rendered.</summary>
    public IConnectionWriter? Writer { get; protected init; }

    /// <summary>True when the server has said that it takes no further request on this connection.</summary>
    public bool IsClosing { get; protected set; }

    /// <summary>Why the server has said so, for people; empty where it has not.</summary>
    public virtual string Goodbye => "";

    /// <summary>
    /// What the stack's rules say that this whole answer means; null where none fits, and its status says it, and while it is not whole.
    /// </summary>
    public OutcomeMeaning? Meaning { get; protected set; }

    /// <summary>
    /// When each event of this answer came, by the clock that <see cref="Feed"/> is given; empty where answers have no events.
    /// </summary>
    public virtual ReadOnlySpan<long> EventTimes => default;

    /// <summary>The pieces of a text that those events hold, as many as there are events; null where nobody asks for them.</summary>
    public virtual EventTexts? EventTexts => null;

    /// <summary>Gets ready for the next answer.</summary>
    /// <param name="kept">Where to keep it; null when nobody wants it.</param>
    public abstract void Reset(AnswerBuffer? kept);

    /// <summary>Reads on. Bytes after the end of the answer make it malformed: nobody asked for them.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="now">When it came, nanoseconds.</param>
    public abstract ParserState Feed(ReadOnlySpan<byte> bytes, long now);

    /// <summary>Bytes came while no request was under way.</summary>
    /// <returns>Whether the connection can carry a request after them; HTTP/1 knows nothing that could be said then.</returns>
    public virtual bool FeedIdle(ReadOnlySpan<byte> bytes) => false;

    /// <summary>The server has closed its side.</summary>
    /// <returns>Complete when that was the end of a whole answer.</returns>
    public abstract ParserState EndOfStream();
}
