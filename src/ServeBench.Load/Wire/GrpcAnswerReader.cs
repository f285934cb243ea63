using System.Buffers;
using System.Buffers.Text;
using ServeBench.Load.Answers;
using ServeBench.Load.Encoding;
using ServeBench.Load.Http;
using ServeBench.Load.Http2;

namespace ServeBench.Load.Wire;

/// <summary>
/// Reads the answers of gRPC calls, one after the other on one connection, and puts the calls on it (grpc/doc/PROTOCOL-HTTP2.md). The
/// status of an answer is that of its call; where a server says none, that of HTTP.
/// </summary>
internal sealed class GrpcAnswerReader : AnswerReader, IConnectionWriter, IHttp2Response
{
    private const int MostFieldBytes = 64 * 1024;

    /// <summary>Of a call whose status has not come.</summary>
    private const int None = -1;

    private readonly Http2Connection _connection;
    private readonly CallMessages _messages;
    private readonly AnswerRules? _rules;
    private readonly bool _streams;

    /// <summary>What the server says of a call that failed; of an answer that is none of gRPC, where rules want it, the body.</summary>
    private readonly ArrayBufferWriter<byte> _saying = new();

    /// <summary>Fields for the rules, each with a line feed at its end.</summary>
    private readonly ArrayBufferWriter<byte> _head = new();

    private AnswerBuffer? _kept;
    private Part _part;
    private int _httpStatus;
    private int _callStatus;
    private int _fieldBytes;
    private bool _isCall;
    private bool _isOver;

    /// <param name="streams">Whether an answer has any number of messages, and not just one.</param>
    /// <param name="rules">What answers mean; null where their status says it.</param>
    /// <param name="lastStream">The stream before that of each connection's first call; 0 for none.</param>
    public GrpcAnswerReader(bool streams, AnswerRules? rules = null, int lastStream = 0)
    {
        _streams = streams;
        _rules = rules;
        _connection = new Http2Connection(this, lastStream);
        _messages = new CallMessages(streams);
        Writer = this;
    }

    private enum Part : byte { Head, Body, Trailers }

    public override string Problem => _connection.Problem;

    public override string Language => "gRPC";

    public override string Goodbye => _connection.Goodbye;

    public override ReadOnlySpan<long> EventTimes => _messages.Times;

    public override void Reset(AnswerBuffer? kept)
    {
        _kept = kept;
        _messages.Reset(kept);
        _saying.ResetWrittenCount();
        _head.ResetWrittenCount();
        _part = Part.Head;
        _httpStatus = _fieldBytes = 0;
        _callStatus = None;
        _isCall = _isOver = false;
        State = ParserState.Incomplete;
        Status = BodyBytes = 0;
        Started = KeepAlive = HasFirst = IsAnswer = false;
        Meaning = null;
    }

    public void Begin(RenderedRequest request, bool isFirst)
    {
        if (isFirst) IsClosing = false;
        _connection.Begin(request.Bytes, request.BodyBytes, isFirst);
    }

    public bool TryTake(out ReadOnlySpan<byte> bytes) => _connection.Sender.TryTake(out bytes);

    public override ParserState Feed(ReadOnlySpan<byte> bytes, long now)
    {
        _messages.Now = now;
        var isGood = _connection.Feed(bytes);
        IsClosing = _connection.IsClosing;
        Started = HasFirst = _httpStatus != 0 || _isOver;
        if (_streams && _isCall) HasFirst = _messages.Count > 0;
        BodyBytes = _messages.Bytes;
        KeepAlive = _isOver && isGood && _connection.CanGoOn;
        return State = !isGood ? ParserState.Malformed
            : _isOver ? ParserState.Complete
            : _connection.WasNotTaken ? ParserState.NotTaken
            : ParserState.Incomplete;
    }

    public override bool FeedIdle(ReadOnlySpan<byte> bytes)
    {
        var isGood = _connection.Feed(bytes);
        IsClosing = _connection.IsClosing;
        return isGood && !IsClosing;
    }

    /// <summary>An answer never ends with its connection.</summary>
    public override ParserState EndOfStream() => State;

    string? IHttp2Response.Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _fieldBytes += name.Length + value.Length;
        if (_fieldBytes > MostFieldBytes) return "the fields of an answer are longer than 64 KiB";
        if (_rules is not null)
        {
            _head.Write(name);
            _head.Write(": "u8);
            _head.Write(value);
            _head.Write("\n"u8);
        }
        if (name.SequenceEqual(":status"u8)) return HttpStatus(value);
        if (name.SequenceEqual("content-type"u8)) _isCall = IsGrpc(value);
        else if (name.SequenceEqual("grpc-status"u8)) return CallStatusOf(value);
        else if (name.SequenceEqual("grpc-message"u8)) Decode(value);
        return null;
    }

    string? IHttp2Response.FieldsEnd(bool isLast)
    {
        switch (_part)
        {
            case Part.Head when _httpStatus == 0:
                return "an answer begins without a :status";
            case Part.Head when _httpStatus < 200:
                // An interim answer; the final one follows.
                Forget();
                _httpStatus = 0;
                return isLast ? "an interim answer is the last" : null;
            case Part.Head when !isLast:
                // A call has its status where it ends.
                Forget();
                _part = Part.Body;
                return null;
            case Part.Body when !isLast:
                return "there are header fields in the middle of an answer";
        }
        _part = Part.Trailers;
        return End();
    }

    string? IHttp2Response.Data(ReadOnlySpan<byte> bytes)
    {
        if (_part == Part.Head) return "an answer begins with data";
        if (_isCall && _httpStatus == 200) return _messages.Append(bytes);
        // Not a word of gRPC, but perhaps an explanation.
        _messages.AppendOther(bytes);
        if (_rules is not null) _saying.Write(bytes[..Math.Min(bytes.Length, Math.Max(0, MostFieldBytes - _saying.WrittenCount))]);
        return null;
    }

    string? IHttp2Response.DataEnd() => _part == Part.Head ? "an answer begins with data" : End();

    string? IHttp2Response.Reset(int code)
    {
        _isOver = true;
        Status = _callStatus = CallStatus.OfReset(code);
        _kept?.Append(System.Text.Encoding.ASCII.GetBytes(ErrorCode.OfReset(code)));
        Meaning = _rules?.Of(Status, _head.WrittenSpan, default);
        return null;
    }

    private string? End()
    {
        _isOver = true;
        if (_callStatus == None)
        {
            Status = _httpStatus;
            if (_isCall && _httpStatus == 200) return "an answer ends without a grpc-status";
            Meaning = _rules?.Of(Status, _head.WrittenSpan, _saying.WrittenSpan);
            return null;
        }
        Status = _callStatus;
        if (_callStatus == CallStatus.Ok)
        {
            if (_messages.IsUnfinished) return "an answer ends within a message";
            IsAnswer = _isCall && (_streams || _messages.Count == 1);
            Meaning = _rules?.Of(Status, _head.WrittenSpan, default);
            return null;
        }
        // What a failed call says takes the place of the body that it has not got.
        _kept?.Append(_saying.WrittenSpan);
        Meaning = _rules?.Of(Status, _head.WrittenSpan, _saying.WrittenSpan);
        return null;
    }

    /// <summary>Takes over a grpc-message, in which a percent sign and two digits stand for a byte that a field cannot hold.</summary>
    private void Decode(ReadOnlySpan<byte> value)
    {
        var decoded = _saying.GetSpan(value.Length + 1);
        var count = 0;
        while (!value.IsEmpty)
        {
            var (one, length) = (value[0], 1);
            if (one == '%' && value.Length > 2 && Utf8Parser.TryParse(value[1..3], out byte coded, out var used, 'x') && used == 2)
                (one, length) = (coded, 3);
            decoded[count++] = one;
            value = value[length..];
        }
        _saying.Advance(count);
    }

    /// <summary>Forgets what was said of the call's end before it.</summary>
    private void Forget()
    {
        _callStatus = None;
        _saying.ResetWrittenCount();
    }

    /// <summary>
    /// Takes over a grpc-status. Numbers that gRPC does not know are UNKNOWN, as in its own clients: those from 100 on would be statuses of
    /// HTTP here.
    /// </summary>
    private string? CallStatusOf(ReadOnlySpan<byte> value)
    {
        if (_callStatus != None) return "an answer has two of grpc-status";
        if (!Number(value, 0, int.MaxValue, out _callStatus)) return "grpc-status is not a number";
        if (CallStatus.IsKnown(_callStatus)) return null;
        _saying.Write(System.Text.Encoding.ASCII.GetBytes($"grpc-status {_callStatus}, which gRPC does not know. "));
        _callStatus = CallStatus.Unknown;
        return null;
    }

    private string? HttpStatus(ReadOnlySpan<byte> value)
    {
        if (_part != Part.Head || _httpStatus != 0) return "a :status that is not the first of an answer";
        return Number(value, 100, 999, out _httpStatus) ? null : ":status is not a number of three digits";
    }

    private static bool IsGrpc(ReadOnlySpan<byte> type) =>
        type.StartsWith("application/grpc"u8) && (type.Length == 16 || type[16] is (byte)'+' or (byte)';');

    private static bool Number(ReadOnlySpan<byte> text, int least, int most, out int number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && number >= least && number <= most;
}
