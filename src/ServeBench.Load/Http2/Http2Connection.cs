using System.Buffers;
using System.Buffers.Binary;

namespace ServeBench.Load.Http2;

/// <summary>
/// The client's side of HTTP/2 connections, one after the other, with one request at a time on each (RFC 9113). Takes any bytes at all:
/// what a server must not send ends with a <see cref="Problem"/>. Allocates nothing per request once buffers have grown.
/// </summary>
internal sealed class Http2Connection : IFrameSink
{
    /// <summary>What the other side may send unasked on a stream: more than any answer that is taken.</summary>
    private const int Window = int.MaxValue;

    /// <summary>The window of a connection and of every stream before anybody says something else.</summary>
    private const int FirstWindow = 65_535;

    /// <summary>After how many bytes the other side is let send on.</summary>
    private const int UpdateAfter = 1 << 30;

    /// <summary>Bytes of a header block.</summary>
    private const int MostFields = 64 * 1024;

    /// <summary>Bytes of what a server says with GOAWAY that are kept.</summary>
    private const int MostGoodbye = 256;

    private const string Unread = "the server asks for more replies (PING, SETTINGS) than it reads";

    private static readonly byte[] Greeting = Greet();

    private readonly IHttp2Response _response;
    private readonly FrameReader _frames;
    private readonly HeaderBlockReader _fields = new();
    private readonly ArrayBufferWriter<byte> _block = new();
    private readonly RequestSender _sender;

    /// <summary>Of the last GOAWAY the code and what the server says with it.</summary>
    private readonly ArrayBufferWriter<byte> _goodbye = new();

    private bool _hasSettings;

    /// <summary>The stream whose header block goes on in the next frame; 0 for none.</summary>
    private int _unfinished;
    private bool _endsAfterBlock;
    private int _received;
    private int _lastTaken;

    /// <param name="response">Hears of the answers.</param>
    /// <param name="lastStream">The stream before that of each connection's first request; 0 for none.</param>
    public Http2Connection(IHttp2Response response, int lastStream = 0)
    {
        _response = response;
        _sender = new RequestSender(lastStream);
        _frames = new FrameReader(this);
    }

    /// <summary>Why what came is malformed; empty as long as it is not.</summary>
    public string Problem => _frames.Problem ?? "";

    /// <summary>Frames to be sent, and the requests.</summary>
    public RequestSender Sender => _sender;

    /// <summary>Whether the answer to the request has not ended yet.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether the server has said that it takes no further request on this connection (GOAWAY).</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Why the server ends the connection, for people; empty as long as it does not.</summary>
    public string Goodbye => IsClosing ? ErrorCode.Goodbye(_goodbye.WrittenSpan) : "";

    /// <summary>Whether the server has said that it did not take the request under way, so that it may be made again elsewhere.</summary>
    public bool WasNotTaken => IsOpen && IsClosing && _sender.Stream > _lastTaken;

    /// <summary>Whether another request can go out on this connection.</summary>
    public bool CanGoOn => !IsOpen && !IsClosing && _hasSettings && _sender.IsDone && _sender.HasNext;

    /// <summary>Begins a request.</summary>
    /// <param name="request">A HEADERS frame, and then its body.</param>
    /// <param name="bodyBytes">How many of the bytes are the body.</param>
    /// <param name="isFirst">Whether the connection has just been made.</param>
    public void Begin(byte[] request, int bodyBytes, bool isFirst)
    {
        if (isFirst)
        {
            _frames.Reset();
            _hasSettings = IsClosing = false;
            _unfinished = _received = 0;
            _sender.Open(Greeting, FirstWindow);
        }
        IsOpen = true;
        _sender.Begin(request, bodyBytes);
    }

    /// <returns>False when there is a <see cref="Problem"/>.</returns>
    public bool Feed(ReadOnlySpan<byte> bytes) => _frames.Feed(bytes);

    string? IFrameSink.Begin(FrameHead head)
    {
        if (!_hasSettings && (head.Type != FrameType.Settings || head.Has(FrameFlags.Ack)))
        {
            // The first bytes of "HTTP/1.1 400 Bad Request", read as a frame's head.
            return head is { Length: 0x485454, Type: (FrameType)'P', Flags: (byte)'/' }
                ? "the server speaks HTTP/1 here, not HTTP/2"
                : "the connection does not begin with the server's SETTINGS";
        }
        if (_unfinished != 0 && (head.Type != FrameType.Continuation || head.Stream != _unfinished))
            return "a header block is interrupted by another frame";
        if (head.Type != FrameType.Data) return null;
        if (Stray(head.Stream) is { } problem) return problem;
        _received += head.Length;
        if (_received >= UpdateAfter)
        {
            if (_sender.Replies() is not { } replies) return Unread;
            replies.WindowUpdate(0, _received);
            _received = 0;
        }
        return null;
    }

    string? IFrameSink.Data(FrameHead head, ReadOnlySpan<byte> bytes) =>
        head.Stream == _sender.Stream ? _response.Data(bytes) : null;

    string? IFrameSink.DataEnd(FrameHead head)
    {
        if (!head.Has(FrameFlags.EndStream) || head.Stream != _sender.Stream) return null;
        IsOpen = false;
        return _response.DataEnd();
    }

    string? IFrameSink.Whole(FrameHead head, ReadOnlySpan<byte> payload) => head.Type switch
    {
        FrameType.Headers => Headers(head, payload),
        FrameType.Continuation => Continuation(head, payload),
        FrameType.ResetStream => ResetStream(head, payload),
        FrameType.Settings => Settings(head, payload),
        FrameType.PushPromise => "the server pushes, and was told not to (SETTINGS_ENABLE_PUSH 0)",
        FrameType.Ping => Ping(head, payload),
        FrameType.GoAway => GoAway(head, payload),
        FrameType.WindowUpdate => WindowUpdate(head, payload),
        _ => null,
    };

    /// <summary>Preface, settings, and a window as large as there is.</summary>
    private static byte[] Greet()
    {
        var frames = new FrameBuffer();
        frames.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Span<byte> settings = stackalloc byte[3 * PeerSettings.EntryLength];
        PeerSettings.Write(settings, 0, PeerSettings.HeaderTableSize, 0);
        PeerSettings.Write(settings, 1, PeerSettings.EnablePush, 0);
        PeerSettings.Write(settings, 2, PeerSettings.InitialWindowSize, Window);
        frames.Write(FrameType.Settings, FrameFlags.None, 0, settings);
        frames.WindowUpdate(0, Window - FirstWindow);
        return frames.Written.ToArray();
    }

    /// <summary>What is wrong with a part of an answer on that stream; null when nothing is, or it is left of an earlier answer.</summary>
    private string? Stray(int stream)
    {
        if (stream == _sender.Stream) return IsOpen ? null : "frames follow the end of the answer";
        return stream > 0 && stream < _sender.Stream && stream % 2 == 1 ? null : $"a frame on stream {stream}, which nobody opened";
    }

    private string? Headers(FrameHead head, ReadOnlySpan<byte> payload)
    {
        if (Stray(head.Stream) is { } problem) return problem;
        if (head.Has(FrameFlags.Padded))
        {
            if (payload.IsEmpty || payload[0] >= payload.Length) return "a frame has more padding than bytes";
            payload = payload[1..^payload[0]];
        }
        if (head.Has(FrameFlags.Priority))
        {
            if (payload.Length < 5) return "a HEADERS frame is too short";
            payload = payload[5..];
        }
        _endsAfterBlock = head.Has(FrameFlags.EndStream);
        if (head.Has(FrameFlags.EndHeaders)) return Fields(head.Stream, payload);
        _unfinished = head.Stream;
        _block.ResetWrittenCount();
        _block.Write(payload);
        return null;
    }

    private string? Continuation(FrameHead head, ReadOnlySpan<byte> payload)
    {
        if (_unfinished == 0) return "a CONTINUATION frame continues nothing";
        if (_block.WrittenCount + payload.Length > MostFields) return "a header block is longer than 64 KiB";
        _block.Write(payload);
        if (!head.Has(FrameFlags.EndHeaders)) return null;
        _unfinished = 0;
        return Fields(head.Stream, _block.WrittenSpan);
    }

    private string? Fields(int stream, ReadOnlySpan<byte> block)
    {
        if (stream != _sender.Stream) return null;
        if (_fields.Read(block, _response) is { } problem) return problem;
        if (_endsAfterBlock) IsOpen = false;
        return _response.FieldsEnd(_endsAfterBlock);
    }

    private string? ResetStream(FrameHead head, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != 4 || head.Stream == 0) return "a malformed RST_STREAM frame";
        if (head.Stream != _sender.Stream) return head.Stream < _sender.Stream ? null : Stray(head.Stream);
        _sender.Stop();
        if (!IsOpen) return null;
        IsOpen = false;
        return _response.Reset(BinaryPrimitives.ReadInt32BigEndian(payload));
    }

    private string? Settings(FrameHead head, ReadOnlySpan<byte> payload)
    {
        if (head.Stream != 0 || payload.Length % PeerSettings.EntryLength != 0 || (head.Has(FrameFlags.Ack) && payload.Length > 0))
            return "a malformed SETTINGS frame";
        _hasSettings = true;
        if (head.Has(FrameFlags.Ack)) return null;
        for (; !payload.IsEmpty; payload = payload[PeerSettings.EntryLength..])
        {
            var (name, value) = PeerSettings.Read(payload);
            if (PeerSettings.Check(name, value) is { } problem) return problem;
            if (name == PeerSettings.InitialWindowSize && !_sender.SetInitialWindow((int)value)) return "SETTINGS make a window too large";
        }
        return Reply(FrameType.Settings, default);
    }

    private string? Ping(FrameHead head, ReadOnlySpan<byte> payload)
    {
        if (head.Stream != 0 || payload.Length != 8) return "a malformed PING frame";
        return head.Has(FrameFlags.Ack) ? null : Reply(FrameType.Ping, payload);
    }

    private string? Reply(FrameType type, ReadOnlySpan<byte> payload)
    {
        if (_sender.Replies() is not { } replies) return Unread;
        replies.Write(type, FrameFlags.Ack, 0, payload);
        return null;
    }

    private string? GoAway(FrameHead head, ReadOnlySpan<byte> payload)
    {
        if (head.Stream != 0 || payload.Length < 8) return "a malformed GOAWAY frame";
        IsClosing = true;
        _lastTaken = BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
        _goodbye.ResetWrittenCount();
        _goodbye.Write(payload[4..Math.Min(payload.Length, 8 + MostGoodbye)]);
        return null;
    }

    private string? WindowUpdate(FrameHead head, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != 4) return "a malformed WINDOW_UPDATE frame";
        var bytes = BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
        if (bytes == 0) return "a WINDOW_UPDATE of no bytes";
        return _sender.AddWindow(head.Stream, bytes) ? null : "a WINDOW_UPDATE makes a window too large";
    }
}
