using ServeBench.Load.Answers;

namespace ServeBench.Load.Http;

/// <summary>
/// Reads one HTTP/1.x response after the other from bytes that arrive in any pieces (RFC 9112). Keeps no more than one
/// unfinished line, allocates nothing once that line's buffer exists, and takes any bytes at all: what is not a response ends
/// as <see cref="ParserState.Malformed"/> with the reason.
/// </summary>
/// <param name="watch">Looks at what a stack's outcome rules ask for; null where there are none.</param>
internal sealed class ResponseParser(AnswerWatch? watch = null)
{
    private const int MaximumLine = 16 * 1024;
    private const int MaximumHead = 64 * 1024;

    private Step _step;
    private IBodySink? _wanted;
    private FramingHeaders _headers;
    private int _headBytes;
    private long _remaining;
    private byte[]? _line;
    private int _lineLength;

    public ParserState State { get; private set; }

    /// <summary>Why the bytes are malformed.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Status of the final answer, 0 before its status line is whole.</summary>
    public int Status { get; private set; }

    /// <summary>Bytes of the body so far, transfer coding not counted.</summary>
    public int BodyBytes { get; private set; }

    /// <summary>True when any byte of this answer has come.</summary>
    public bool Started { get; private set; }

    /// <summary>True when the connection can carry another request after this whole answer.</summary>
    public bool KeepAlive => State == ParserState.Complete && _headers.KeepAlive;

    /// <summary>True when the answer says that it is a stream of server-sent events.</summary>
    public bool IsEventStream => _headers.EventStream;

    /// <summary>Gets ready for the next answer.</summary>
    /// <param name="sink">Receives its body; null when nobody wants it.</param>
    public void Reset(IBodySink? sink = null)
    {
        _wanted = Sink = sink;
        _step = Step.StatusLine;
        _headers = default;
        _headBytes = 0;
        _lineLength = 0;
        _remaining = 0;
        State = ParserState.Incomplete;
        Status = 0;
        BodyBytes = 0;
        Started = false;
    }

    private IBodySink? Sink { get; set; }

    /// <summary>Reads on. Bytes after the end of the answer make it malformed: nobody asked for them.</summary>
    public ParserState Feed(ReadOnlySpan<byte> bytes)
    {
        Started |= bytes.Length > 0;
        while (State == ParserState.Incomplete && !bytes.IsEmpty) Advance(ref bytes);
        if (State == ParserState.Complete && !bytes.IsEmpty) Fail("bytes follow the end of the answer");
        return State;
    }

    /// <summary>The server has closed its side.</summary>
    /// <returns>Complete when the body was to last until then.</returns>
    public ParserState EndOfStream()
    {
        if (State == ParserState.Incomplete && _step == Step.BodyUntilClose) State = ParserState.Complete;
        return State;
    }

    private enum Step : byte
    {
        StatusLine, Header, BodyOfLength, BodyUntilClose, ChunkSize, ChunkData, ChunkEnd, Trailer,
    }

    private void Advance(ref ReadOnlySpan<byte> bytes)
    {
        switch (_step)
        {
            case Step.BodyOfLength:
                if (TakeBody(ref bytes)) State = ParserState.Complete;
                return;
            case Step.ChunkData:
                if (TakeBody(ref bytes)) _step = Step.ChunkEnd;
                return;
            case Step.BodyUntilClose:
                _remaining = bytes.Length;
                TakeBody(ref bytes);
                return;
        }
        if (!TakeLine(ref bytes, out var line)) return;
        switch (_step)
        {
            case Step.StatusLine:
                StatusLine(line);
                break;
            case Step.Header when line.IsEmpty:
                HeadEnds();
                break;
            case Step.Header:
                watch?.Field(line);
                if (_headers.Add(line) is { } problem) Fail(problem);
                break;
            case Step.ChunkSize:
                ChunkSize(line);
                break;
            case Step.ChunkEnd when line.IsEmpty:
                _step = Step.ChunkSize;
                _headBytes = 0;
                break;
            case Step.ChunkEnd:
                Fail("a chunk is longer than its size says");
                break;
            case Step.Trailer when line.IsEmpty:
                State = ParserState.Complete;
                break;
        }
        _lineLength = 0;
    }

    /// <summary>HTTP/1.x, a space, three digits, then nothing or a space and a reason.</summary>
    private void StatusLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || !char.IsAsciiDigit((char)line[7]) || line[8] != ' '
            || (line.Length > 12 && line[12] != ' '))
        {
            Fail("the answer does not begin with an HTTP/1 status line");
            return;
        }
        var status = 0;
        foreach (var digit in line.Slice(9, 3))
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                Fail("the status is not a number");
                return;
            }
            status = status * 10 + (digit - '0');
        }
        if (status < 100)
        {
            Fail("the status is below 100");
            return;
        }
        Status = status;
        if (watch is not null) Sink = watch.Begin(status, _wanted);
        _headers = new FramingHeaders(minorVersion: line[7] - '0');
        _step = Step.Header;
    }

    /// <summary>How the body's end is told (RFC 9112, section 6.3).</summary>
    private void HeadEnds()
    {
        if (Status is >= 100 and < 200 && Status != 101)
        {
            // An interim answer; the final one follows.
            Status = 0;
            _headBytes = 0;
            _step = Step.StatusLine;
        }
        else if (Status is 101 or 204 or 304)
        {
            if (Status == 101) _headers.Close();
            State = ParserState.Complete;
        }
        else if (_headers.Chunked)
        {
            _headBytes = 0;
            _step = Step.ChunkSize;
        }
        else if (_headers.OtherCoding || _headers.Length < 0)
        {
            _headers.Close();
            _step = Step.BodyUntilClose;
        }
        else if (_headers.Length > int.MaxValue)
        {
            Fail("the body is longer than 2 GiB");
        }
        else
        {
            _remaining = _headers.Length;
            _step = Step.BodyOfLength;
            if (_remaining == 0) State = ParserState.Complete;
        }
    }

    /// <summary>Hexadecimal digits, then nothing or an extension, which is skipped.</summary>
    private void ChunkSize(ReadOnlySpan<byte> line)
    {
        long size = 0;
        var digits = 0;
        while (digits < line.Length && HexDigit(line[digits]) is >= 0 and var value)
        {
            size = size * 16 + value;
            digits++;
            if (size > int.MaxValue)
            {
                Fail("a chunk is longer than 2 GiB");
                return;
            }
        }
        if (digits == 0 || (digits < line.Length && line[digits] is not ((byte)';' or (byte)' ' or (byte)'\t')))
        {
            Fail("a chunk's size is not a hexadecimal number");
            return;
        }
        _remaining = size;
        _step = size == 0 ? Step.Trailer : Step.ChunkData;
    }

    private static int HexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    private bool TakeBody(ref ReadOnlySpan<byte> bytes)
    {
        var take = (int)Math.Min(_remaining, bytes.Length);
        if (take > int.MaxValue - BodyBytes)
        {
            Fail("the body is longer than 2 GiB");
            return false;
        }
        Sink?.Append(bytes[..take]);
        BodyBytes += take;
        _remaining -= take;
        bytes = bytes[take..];
        return _remaining == 0;
    }

    /// <summary>Takes one line without its end. A line that has not ended yet is put aside until more comes.</summary>
    private bool TakeLine(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line)
    {
        var end = bytes.IndexOf((byte)'\n');
        var part = end < 0 ? bytes : bytes[..end];
        bytes = end < 0 ? default : bytes[(end + 1)..];
        _headBytes += part.Length + 1;
        line = part;
        if (_lineLength + part.Length > MaximumLine || _headBytes > MaximumHead)
        {
            Fail("a line or the head of the answer is too long");
            return false;
        }
        if (end < 0 || _lineLength > 0)
        {
            _line ??= new byte[MaximumLine];
            part.CopyTo(_line.AsSpan(_lineLength));
            _lineLength += part.Length;
            if (end < 0) return false;
            line = _line.AsSpan(0, _lineLength);
        }
        if (line is [.., (byte)'\r']) line = line[..^1];
        return true;
    }

    private void Fail(string problem)
    {
        State = ParserState.Malformed;
        Problem = problem;
    }
}
