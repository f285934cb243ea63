using ServeBench.NullServer.Http;

namespace ServeBench.NullServer.Serving;

/// <summary>What one client asks on its connection and what it is told, however the bytes travel.</summary>
internal abstract class Conversation
{
    private static readonly ArraySegment<byte> Nothing = new([]);

    /// <summary>What the request asks; valid once it is whole.</summary>
    public virtual RequestKind RequestKind => RequestKind.Answer;

    /// <summary>The delay that the request itself asks for, in nanoseconds; null when it asks for none.</summary>
    public abstract long? Delay { get; }

    /// <summary>Whether this connection has brought a request before; for whoever answers to remember.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Whether a request is whole whose answer has not gone out yet.</summary>
    public bool IsAnswering { get; protected set; }

    /// <summary>Whether anything may come from the client while it waits for an answer; it is closed otherwise.</summary>
    public virtual bool HearsMeanwhile => false;

    /// <summary>Bytes to be sent now. More may come behind them, until all have gone out.</summary>
    public ArraySegment<byte> Output { get; protected set; } = Nothing;

    /// <summary>True when the connection ends with the output.</summary>
    public bool IsOver { get; protected set; }

    /// <summary>Hash of the body of a request that is whole; null when bodies are not looked at.</summary>
    public abstract byte[]? BodyHash();

    /// <returns>True when a request has become whole: it is to be answered when the answer is due.</returns>
    public abstract bool Feed(ReadOnlySpan<byte> bytes);

    /// <summary>The answer, or the next piece of it, is due: it is put into the output.</summary>
    public abstract void Answer();

    /// <summary>
    /// Once all of the output has gone out: how many nanoseconds after it was due the next piece is; null when the answer is whole.
    /// </summary>
    public virtual long? Pause => null;

    /// <summary>All of the output has gone out.</summary>
    public virtual void Sent() => Output = Nothing;
}
