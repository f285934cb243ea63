using System.Buffers.Binary;
using System.Text;

namespace ServeBench.OnnxServer.Protocols.Protobuf;

/// <summary>
/// Reads a protobuf message where it lies (Protocol Buffers, Encoding): values of bytes are parts of it, not copies; texts become strings.
/// Ends with a <see cref="ProtobufException"/> where the bytes are no message.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="offset">Where it begins in what is larger, for <see cref="Position"/>.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, int offset = 0)
{
    private const int LongestVarint = 10;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    public readonly bool IsAtEnd => _at == _message.Length;

    /// <summary>Where the next byte lies in what is larger.</summary>
    public readonly int Position => offset + _at;

    /// <summary>How the field's value is written.</summary>
    public WireType Type { get; private set; }

    /// <summary>Goes on to the next field.</summary>
    /// <returns>False at the end of the message.</returns>
    public bool TryReadField(out int number)
    {
        number = 0;
        if (IsAtEnd) return false;
        var tag = ReadVarint();
        Type = (WireType)(tag & 7);
        if (tag >> 3 is 0 or > int.MaxValue >> 3)
            throw new ProtobufException($"a field has the number {tag >> 3}; it must be 1 to {int.MaxValue >> 3}");
        number = (int)(tag >> 3);
        return true;
    }

    public ulong ReadVarint()
    {
        var value = 0UL;
        for (var i = 0; i < LongestVarint; i++)
        {
            if (IsAtEnd) throw CutOff();
            var next = _message[_at++];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80) return value;
        }
        throw new ProtobufException("a number has more than ten bytes");
    }

    /// <summary>The value of a field that is a number.</summary>
    public ulong ReadNumber()
    {
        Expect(WireType.Varint);
        return ReadVarint();
    }

    /// <summary>The value of a field that is text, bytes, a message or packed numbers.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(WireType.Bytes);
        var length = ReadVarint();
        if (length > (ulong)(_message.Length - _at)) throw CutOff();
        _at += (int)length;
        return _message.Slice(_at - (int)length, (int)length);
    }

    /// <summary>The value of a field that is a message.</summary>
    public ProtobufReader ReadMessage()
    {
        var content = ReadBytes();
        return new ProtobufReader(content, Position - content.Length);
    }

    public string ReadText()
    {
        try
        {
            return Strict.GetString(ReadBytes());
        }
        catch (DecoderFallbackException)
        {
            throw new ProtobufException("a text is not valid UTF-8");
        }
    }

    /// <summary>Passes over the value of a field.</summary>
    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Bytes:
                ReadBytes();
                break;
            case WireType.Fixed64 or WireType.Fixed32:
                var length = Type == WireType.Fixed64 ? sizeof(ulong) : sizeof(uint);
                if (length > _message.Length - _at) throw CutOff();
                _at += length;
                break;
            default:
                throw new ProtobufException($"a field has the wire type {(int)Type}; 0, 1, 2 and 5 are read");
        }
    }

    /// <summary>The number that eight bytes are as a double, lowest first.</summary>
    public double ReadDouble()
    {
        Expect(WireType.Fixed64);
        if (sizeof(double) > _message.Length - _at) throw CutOff();
        _at += sizeof(double);
        return BinaryPrimitives.ReadDoubleLittleEndian(_message[(_at - sizeof(double))..]);
    }

    private readonly void Expect(WireType type)
    {
        if (Type != type) throw new ProtobufException($"a field has the wire type {(int)Type}, where {(int)type} is expected");
    }

    private static ProtobufException CutOff() => new("it ends in the middle of a value");
}
