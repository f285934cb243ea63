namespace ServeBench.Load.Http2;

/// <summary>
/// What goes out on one connection: requests on streams 1, 3, 5 and so on, as far as the windows of the other side allow, and between them
/// replies to the other side's frames. Bytes are taken in pieces, each when the one before has gone out, so that neither a large request
/// nor a server that does not read needs a large buffer.
/// </summary>
/// <param name="last">The stream before that of each connection's first request; 0 for none.</param>
internal sealed class RequestSender(int last = 0)
{
    /// <summary>Bytes of frames with data that are made ready at a time.</summary>
    private const int Piece = 64 * 1024;

    /// <summary>
    /// Bytes of replies that may wait: twice what one read of a socket can ask for. A server that asks for more than it reads (PING,
    /// SETTINGS) would make them grow without end.
    /// </summary>
    private const int MostWaiting = 512 * 1024;

    private readonly FrameBuffer _frames = new();
    private byte[] _request = [];
    private int _at;
    private long _window;
    private long _initialWindow;
    private long _streamWindow;
    private bool _isTaken;

    /// <summary>The stream of the request; 0 before the first.</summary>
    public int Stream { get; private set; }

    /// <summary>Whether all of the request has been taken, or the other side wants no more of it.</summary>
    public bool IsDone => _at == _request.Length;

    /// <summary>Whether there is a number left for the stream of another request.</summary>
    public bool HasNext => Stream < int.MaxValue;

    /// <summary>Begins a connection.</summary>
    /// <param name="greeting">What is said first.</param>
    /// <param name="window">The windows that hold until the other side says something else, bytes.</param>
    public void Open(ReadOnlySpan<byte> greeting, int window)
    {
        _frames.Clear();
        _frames.Write(greeting);
        _isTaken = false;
        _window = _initialWindow = window;
        Stream = last;
        _request = [];
        _at = 0;
    }

    /// <param name="request">A HEADERS frame, and then its body.</param>
    /// <param name="bodyBytes">How many of the bytes are the body.</param>
    public void Begin(byte[] request, int bodyBytes)
    {
        DropTaken();
        Stream += Stream == 0 ? 1 : 2;
        _streamWindow = _initialWindow;
        _request = request;
        _at = request.Length - bodyBytes;
        _frames.WriteOn(Stream, request.AsSpan(0, _at));
    }

    /// <summary>The other side wants no more of the request.</summary>
    public void Stop() => _at = _request.Length;

    /// <summary>Where frames that are no part of a request are put.</summary>
    /// <returns>Null when so many wait already that the other side cannot be reading them.</returns>
    public FrameBuffer? Replies()
    {
        DropTaken();
        return _frames.Length <= MostWaiting ? _frames : null;
    }

    /// <summary>Takes the next piece of what is to be sent now.</summary>
    /// <param name="bytes">Valid until anything else is asked of this.</param>
    /// <returns>False when there is nothing.</returns>
    public bool TryTake(out ReadOnlySpan<byte> bytes)
    {
        DropTaken();
        while (_frames.Length < Piece && _at < _request.Length)
        {
            var most = Math.Min(Math.Min(_window, _streamWindow), FrameBuffer.MostPayload);
            if (most <= 0) break;
            var count = (int)Math.Min(most, _request.Length - _at);
            var flags = _at + count == _request.Length ? FrameFlags.EndStream : FrameFlags.None;
            _frames.Write(FrameType.Data, flags, Stream, _request.AsSpan(_at, count));
            _at += count;
            _window -= count;
            _streamWindow -= count;
        }
        bytes = _frames.Written;
        return _isTaken = _frames.Length > 0;
    }

    /// <summary>The other side takes so much more.</summary>
    /// <param name="stream">On which stream; 0 for the connection. What concerns a stream that has ended is passed over.</param>
    /// <returns>False when that is more than there can be.</returns>
    public bool AddWindow(int stream, int bytes)
    {
        if (stream == 0) return (_window += bytes) <= int.MaxValue;
        return stream != Stream || IsDone || (_streamWindow += bytes) <= int.MaxValue;
    }

    /// <summary>The other side has changed with how much every stream begins, those that there are among them (RFC 9113, 6.9.2).</summary>
    /// <returns>False when that is more than there can be.</returns>
    public bool SetInitialWindow(int bytes)
    {
        _streamWindow += bytes - _initialWindow;
        _initialWindow = bytes;
        return IsDone || _streamWindow <= int.MaxValue;
    }

    private void DropTaken()
    {
        if (_isTaken) _frames.Clear();
        _isTaken = false;
    }
}
