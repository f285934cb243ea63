using ServeBench.Load.Encoding;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Native;

/// <summary>One connection with the request that it carries. Made before the load starts and used again and again.</summary>
/// <param name="number">Its number in the socket loop.</param>
/// <param name="answers">Reads its answers.</param>
internal sealed class Connection(int number, AnswerReader answers)
{
    public int Number { get; } = number;

    public ConnectionState State { get; set; }

    public AnswerReader Answers { get; } = answers;

    /// <summary>What puts its requests on the wire; null where they go out as they were rendered.</summary>
    private readonly IConnectionWriter? _writer = answers.Writer;

    /// <summary>Pieces of the request that have been sent; 0 where it is not sent in pieces.</summary>
    private int _pieces;

    /// <summary>When the request was to be sent; times are by <see cref="ISocketLoop.Clock"/>.</summary>
    public long Intended { get; set; }

    /// <summary>When its first byte went to the operating system; 0 while none has.</summary>
    public long Sent { get; set; }

    /// <summary>When the first byte of the answer came, or of a stream its first whole event; 0 while none has.</summary>
    public long First { get; set; }

    public int Payload { get; set; }

    /// <summary>True when the request is one of the samples.</summary>
    public bool Recorded { get; set; }

    /// <summary>Where the answer is kept; null when it is not.</summary>
    public AnswerBuffer? Kept { get; set; }

    /// <summary>Requests that this connection has carried to their end since it was made.</summary>
    public int Uses { get; set; }

    /// <summary>When the last of them ended.</summary>
    public long LastUse { get; set; }

    /// <summary>True when the server was found to have closed it between two requests, and it has not been made anew since.</summary>
    public bool WasClosed { get; set; }

    /// <summary>True while it waits for a turn that it has been given (<see cref="Pace"/>).</summary>
    public bool HasTurn { get; set; }

    /// <summary>Requests in a row that failed on this connection without a byte of an answer.</summary>
    public int FailuresInARow { get; set; }

    // Links of the one list that it is in.
    public Connection? Previous { get; set; }

    public Connection? Next { get; set; }

    /// <summary>Room for the request with its signature; empty until one had to be signed.</summary>
    private byte[] _signed = [];
    private int _signedBytes;

    /// <summary>Signs the request that is sent next, where it has to be signed: before the moment from which sending counts.</summary>
    public void Prepare(RenderedRequest request)
    {
        if (request.Seal is not { } seal) return;
        if (_signed.Length < request.Bytes.Length) _signed = new byte[request.Bytes.Length];
        request.Bytes.CopyTo(_signed, 0);
        _signedBytes = request.Bytes.Length;
        seal.Sign(_signed.AsSpan(0, _signedBytes), DateTimeOffset.UtcNow);
    }

    /// <summary>Begins to send a request that has been prepared.</summary>
    /// <returns>0, or why the connection broke.</returns>
    public int Send(ISocketLoop loop, RenderedRequest request)
    {
        if (request.Seal is not null) return loop.SendAfterWaiting(Number, _signed.AsSpan(0, _signedBytes));
        if (_writer is null) return loop.Send(Number, request.Bytes);
        _writer.Begin(request, isFirst: Uses == 0);
        _pieces = 0;
        return Take(loop, _writer);
    }

    /// <summary>True when sending a request failed before any byte of it went out; false too where the system does not tell.</summary>
    public bool HasSentNothing(ISocketLoop loop) => _pieces == 0 && loop.HasSentNothing(Number);

    /// <summary>
    /// Sends what the other side's bytes have brought about, or what had to wait for the bytes before it, on a connection that is still
    /// open. Where that fails, the loop tells of the connection's end.
    /// </summary>
    public void Flush(ISocketLoop loop)
    {
        if (_writer is not null && State is (ConnectionState.Busy or ConnectionState.Idle)) Take(loop, _writer);
    }

    private int Take(ISocketLoop loop, IConnectionWriter writer)
    {
        // What the other side does not read yet stays with the writer, which bounds it; Flush goes on when all has gone out.
        while (!loop.HasUnsent(Number) && writer.TryTake(out var bytes))
        {
            if (loop.SendAfterWaiting(Number, bytes) is not 0 and var error) return error;
            _pieces++;
        }
        return 0;
    }
}

internal enum ConnectionState : byte
{
    /// <summary>There is no socket.</summary>
    Closed,

    /// <summary>A request waits until the connection is made.</summary>
    Connecting,

    /// <summary>A request is under way.</summary>
    Busy,

    /// <summary>Connected, without a request.</summary>
    Idle,
}
