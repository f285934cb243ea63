using System.Buffers;
using ServeBench.Domain.Protocols;
using ServeBench.Load.Answers;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http;
using ServeBench.Load.WebSockets;

namespace ServeBench.Load.Wire;

/// <summary>
/// The client's side of a WebSocket: opens it with the connection's first request, which waits for that, and then reads messages. What is
/// answered instead of opening is read as an answer over HTTP.
/// </summary>
internal sealed class SocketAnswerReader : AnswerReader, IConnectionWriter
{
    private const int MostHead = 64 * 1024;

    private readonly AnswerEvents _events;
    private readonly AnswerWatch? _watch;
    private readonly ResponseParser _refusal;
    private readonly SocketFrames _frames = new();
    private readonly ArrayBufferWriter<byte> _head = new();
    private AnswerBuffer? _kept;
    private Stage _stage;
    private ReadOnlyMemory<byte> _handshake;
    private ReadOnlyMemory<byte> _message;
    private byte[]? _control;
    private string _problem = "";
    private string _goodbye = "";

    /// <param name="end">Which message is the last of an answer.</param>
    /// <param name="rules">What answers and their messages mean; null for nothing.</param>
    /// <param name="text">Where messages have their pieces of a text; null where nobody asks for it.</param>
    public SocketAnswerReader(StreamEnd end, AnswerRules? rules, JsonPath? text)
    {
        _events = new AnswerEvents(end, rules, text);
        _watch = rules is null ? null : new AnswerWatch(rules);
        _refusal = new ResponseParser(_watch);
        Writer = this;
    }

    private enum Stage : byte { Opening, Refused, Open }

    public override string Problem => _problem;

    public override string Language => "WebSocket";

    public override string Goodbye => _goodbye;

    public override ReadOnlySpan<long> EventTimes => _events.Times;

    public override EventTexts? EventTexts => _events.Texts;

    public void Begin(RenderedRequest request, bool isFirst)
    {
        var frame = WebSocketMessages.FrameAt(request);
        _message = request.Bytes.AsMemory(frame);
        _handshake = default;
        if (!isFirst) return;
        _handshake = request.Bytes.AsMemory(0, frame);
        _stage = Stage.Opening;
        _control = null;
        _goodbye = "";
        IsClosing = false;
        _head.ResetWrittenCount();
        _frames.Reset();
    }

    public bool TryTake(out ReadOnlySpan<byte> bytes)
    {
        ReadOnlyMemory<byte> next = default;
        if (!_handshake.IsEmpty) (next, _handshake) = (_handshake, default);
        else if (_stage == Stage.Open && _control is not null) (next, _control) = (_control, null);
        else if (_stage == Stage.Open && !_message.IsEmpty && !IsClosing) (next, _message) = (_message, default);
        bytes = next.Span;
        return !bytes.IsEmpty;
    }

    public override void Reset(AnswerBuffer? kept)
    {
        _kept = kept;
        _events.Reset(kept);
        _problem = "";
        State = ParserState.Incomplete;
        Status = BodyBytes = 0;
        Started = KeepAlive = HasFirst = IsAnswer = false;
        Meaning = null;
    }

    public override ParserState Feed(ReadOnlySpan<byte> bytes, long now)
    {
        _events.Now = now;
        if (_stage == Stage.Opening) bytes = Open(bytes);
        return _stage switch
        {
            Stage.Refused => Refused(bytes),
            Stage.Open when State == ParserState.Incomplete => Messages(bytes),
            _ => State,
        };
    }

    /// <summary>Pings may come at any time, and a close; a message that nobody asked for may not.</summary>
    public override bool FeedIdle(ReadOnlySpan<byte> bytes) =>
        _stage == Stage.Open && Frames(bytes, isAsked: false) && !IsClosing;

    /// <summary>An answer ends with its last message, whatever becomes of the connection; a refusal may end with it.</summary>
    public override ParserState EndOfStream()
    {
        if (_stage != Stage.Refused) return State;
        _refusal.EndOfStream();
        return Refused(default);
    }

    /// <summary>Reads the head of what is answered to the handshake.</summary>
    /// <returns>What is behind it; where it is a refusal, all of it.</returns>
    private ReadOnlySpan<byte> Open(ReadOnlySpan<byte> bytes)
    {
        var searched = Math.Max(0, _head.WrittenCount - 3);
        _head.Write(bytes);
        var head = _head.WrittenSpan;
        var end = head[searched..].IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            if (head.Length > MostHead) Fail("the head of the answer is longer than 64 KiB");
            return default;
        }
        end += searched + 4;
        if (!SocketHandshake.IsSwitch(head))
        {
            _stage = Stage.Refused;
            _refusal.Reset(_kept);
            return head;
        }
        if (!SocketHandshake.IsAccepted(head[..end]))
        {
            Fail("the server opens a WebSocket and does not accept the key that it was sent");
            return default;
        }
        _stage = Stage.Open;
        return head[end..];
    }

    private ParserState Refused(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty) _refusal.Feed(bytes);
        _problem = _refusal.Problem;
        Status = _refusal.Status;
        BodyBytes = _refusal.BodyBytes;
        Started = HasFirst = _refusal.Started;
        State = _refusal.State;
        if (State == ParserState.Complete) Meaning = _watch?.Meaning;
        return State;
    }

    private ParserState Messages(ReadOnlySpan<byte> bytes)
    {
        if (!Frames(bytes, isAsked: true)) return State = ParserState.Malformed;
        if (_events.Problem.Length > 0) return Fail(_events.Problem);
        IsAnswer = _events.HasLast;
        // What says that an answer has failed is the last of it; whether another request may follow, nobody knows.
        Meaning = _events.Meaning;
        if (!IsAnswer && Meaning is null) return State;
        KeepAlive = IsAnswer && !IsClosing;
        return State = ParserState.Complete;
    }

    /// <returns>False when the bytes are not what a server may send now.</returns>
    private bool Frames(ReadOnlySpan<byte> bytes, bool isAsked)
    {
        while (true)
        {
            switch (_frames.Next(ref bytes))
            {
                case SocketFrames.Found.Nothing:
                    return true;
                case SocketFrames.Found.Message when !isAsked || !_message.IsEmpty || _events.HasLast:
                    return Refuse("a message that nobody asked for");
                case SocketFrames.Found.Message:
                    Started = HasFirst = true;
                    BodyBytes += _frames.Message.Length;
                    _kept?.Append(_frames.Message.Span);
                    _events.Add(_frames.Message);
                    break;
                case SocketFrames.Found.Ping:
                    _control = SocketFrame.Of(SocketFrame.Pong, _frames.Control);
                    break;
                case SocketFrames.Found.Close:
                    IsClosing = true;
                    _goodbye = Said(_frames.Control);
                    _control = SocketFrame.Of(SocketFrame.Close, _frames.Control);
                    break;
                default:
                    return Refuse(_frames.Problem);
            }
        }
    }

    /// <summary>A close holds a number and a reason, or nothing.</summary>
    private static string Said(ReadOnlySpan<byte> close) => close.Length < 2
        ? "closed"
        : $"closed with {(close[0] << 8) | close[1]} {System.Text.Encoding.UTF8.GetString(close[2..])}".TrimEnd();

    private bool Refuse(string problem)
    {
        _problem = problem;
        return false;
    }

    private ParserState Fail(string problem)
    {
        _problem = problem;
        return State = ParserState.Malformed;
    }
}
