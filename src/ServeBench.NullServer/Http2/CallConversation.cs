using System.Buffers.Binary;
using System.Security.Cryptography;
using ServeBench.NullServer.Serving;

namespace ServeBench.NullServer.Http2;

/// <summary>
/// The server's side of gRPC over HTTP/2, one call at a time; which method is called does not matter, so that no header is read. Written
/// apart from the driver's side on purpose: a mistake shared by both would not be seen by either. A client that says anything that this
/// server is not for loses its connection.
/// </summary>
/// <param name="messages">The answer to every call: its messages, each with its flag and length.</param>
/// <param name="keepsBody">Whether bodies are looked at.</param>
internal sealed class CallConversation(byte[] messages, bool keepsBody) : Conversation
{
    private const int Data = 0;
    private const int Headers = 1;
    private const int Reset = 3;
    private const int Settings = 4;
    private const int Ping = 6;
    private const int WindowUpdate = 8;

    private const int Ack = 1;
    private const int EndStream = 1;
    private const int EndHeaders = 4;
    private const int Padded = 8;

    private const int MostPayload = 16 * 1024;
    private const int FirstWindow = 65_535;

    /// <summary>After how many bytes of requests the client is let send on.</summary>
    private const int UpdateAfter = 1 << 30;

    /// <summary>:status 200 and content-type application/grpc.</summary>
    private static readonly byte[] Begin = [0x88, 0x0f, 0x10, 16, .. "application/grpc"u8];

    /// <summary>grpc-status 0.</summary>
    private static readonly byte[] Trailers = [0x00, 11, .. "grpc-status"u8, 1, (byte)'0'];

    private readonly ByteQueue _input = new();
    private readonly ByteQueue _output = new();
    private readonly DelayInMessage _delay = new();
    private readonly IncrementalHash? _body = keepsBody ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private bool _isGreeted;
    private int _stream;
    private bool _isBegun;
    private int _received;
    private long _window = FirstWindow;
    private long _initialWindow = FirstWindow;
    private long _streamWindow;

    /// <summary>How much of the answer has gone into the output; -1 before it is due.</summary>
    private int _answered = -1;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public override long? Delay => _delay.Nanoseconds;

    public override bool HearsMeanwhile => true;

    public override byte[]? BodyHash() => _body?.GetHashAndReset();

    public override bool Feed(ReadOnlySpan<byte> bytes)
    {
        _input.Append(bytes);
        var isWhole = false;
        if (!_isGreeted && !Greet()) return false;
        while (!IsOver && _input.Count >= 9)
        {
            var head = _input.Span;
            var length = (int)(BinaryPrimitives.ReadUInt32BigEndian(head) >> 8);
            if (length > MostPayload) IsOver = true;
            if (IsOver || _input.Count < 9 + length) break;
            var stream = BinaryPrimitives.ReadInt32BigEndian(head[5..]);
            isWhole |= Frame(head[3], head[4], stream, head.Slice(9, length));
            _input.Take(9 + length);
        }
        GoOn();
        return isWhole && !IsOver;
    }

    public override void Answer()
    {
        Write(Headers, EndHeaders, _stream, Begin);
        _answered = 0;
        GoOn();
    }

    public override void Sent()
    {
        _output.Take(_output.Count);
        GoOn();
    }

    /// <summary>Answers the client's first words with settings: one call at a time, and bodies of any size.</summary>
    private bool Greet()
    {
        var begins = Math.Min(_input.Count, Preface.Length);
        IsOver = !_input.Span[..begins].SequenceEqual(Preface[..begins]);
        if (IsOver || _input.Count < Preface.Length) return false;
        _input.Take(Preface.Length);
        _isGreeted = true;
        Write(Settings, 0, 0, [0, 3, 0, 0, 0, 1, 0, 4, 0x7f, 0xff, 0xff, 0xff]);
        Number(WindowUpdate, int.MaxValue - FirstWindow);
        return true;
    }

    /// <returns>True when a call is whole with it.</returns>
    private bool Frame(int type, int flags, int stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case Headers:
                // A second call before the first is answered was forbidden.
                IsOver |= IsAnswering || _isBegun || stream <= _stream;
                _stream = stream;
                _isBegun = true;
                _delay.Begin();
                _streamWindow = _initialWindow;
                return End(flags);
            case Data:
                IsOver |= !_isBegun || stream != _stream;
                Body(flags, payload);
                return End(flags);
            case Reset:
                IsOver = true;
                return false;
            case Settings when (flags & Ack) == 0:
                for (; payload.Length >= 6; payload = payload[6..])
                {
                    if (BinaryPrimitives.ReadUInt16BigEndian(payload) != 4) continue;
                    var window = BinaryPrimitives.ReadInt32BigEndian(payload[2..]);
                    _streamWindow += window - _initialWindow;
                    _initialWindow = window;
                }
                Write(Settings, Ack, 0, []);
                return false;
            case Ping when (flags & Ack) == 0:
                Write(Ping, Ack, 0, payload);
                return false;
            case WindowUpdate when payload.Length == 4:
                if (stream == 0) _window += BinaryPrimitives.ReadInt32BigEndian(payload);
                else if (stream == _stream) _streamWindow += BinaryPrimitives.ReadInt32BigEndian(payload);
                return false;
            default:
                return false;
        }
    }

    private void Body(int flags, ReadOnlySpan<byte> payload)
    {
        _received += payload.Length;
        if (_received >= UpdateAfter)
        {
            Number(WindowUpdate, _received);
            _received = 0;
        }
        if ((flags & Padded) != 0)
        {
            IsOver |= payload.IsEmpty || payload[0] >= payload.Length;
            if (IsOver) return;
            payload = payload[1..^payload[0]];
        }
        _delay.Append(payload);
        _body?.AppendData(payload);
    }

    private bool End(int flags)
    {
        if ((flags & EndStream) == 0) return false;
        _isBegun = false;
        return IsAnswering = true;
    }

    /// <summary>Puts as much of the answer into the output as the client's windows allow.</summary>
    private void GoOn()
    {
        while (_answered >= 0 && _answered < messages.Length)
        {
            var count = (int)Math.Min(Math.Min(_window, _streamWindow), Math.Min(MostPayload, messages.Length - _answered));
            if (count <= 0) break;
            Write(Data, 0, _stream, messages.AsSpan(_answered, count));
            _answered += count;
            _window -= count;
            _streamWindow -= count;
        }
        if (_answered == messages.Length)
        {
            Write(Headers, EndHeaders | EndStream, _stream, Trailers);
            _answered = -1;
            IsAnswering = false;
        }
        Output = _output.Segment;
    }

    private void Number(int type, int number)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        Write(type, 0, 0, payload);
    }

    private void Write(int type, int flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[9];
        BinaryPrimitives.WriteInt32BigEndian(head, (payload.Length << 8) | type);
        head[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        _output.Append(head);
        _output.Append(payload);
    }
}
