using System.Buffers.Binary;

namespace ServeBench.Load.Http2;

/// <summary>What stands before a frame's payload.</summary>
internal readonly record struct FrameHead(FrameType Type, byte Flags, int Stream, int Length)
{
    public bool Has(byte flag) => (Flags & flag) != 0;
}

/// <summary>Hears of frames. What it returns is why they are malformed; null to go on.</summary>
internal interface IFrameSink
{
    /// <summary>A frame begins.</summary>
    string? Begin(FrameHead head);

    /// <summary>A piece of the data of a DATA frame, without padding.</summary>
    string? Data(FrameHead head, ReadOnlySpan<byte> bytes);

    /// <summary>A DATA frame has ended.</summary>
    string? DataEnd(FrameHead head);

    /// <summary>A frame of any other type is whole.</summary>
    string? Whole(FrameHead head, ReadOnlySpan<byte> payload);
}

/// <summary>
/// Takes bytes that come in any pieces apart into frames (RFC 9113, section 4.1). Data is handed on as it comes; of other frames one
/// is kept at most. Allocates nothing once its buffer exists.
/// </summary>
internal sealed class FrameReader(IFrameSink sink)
{
    private readonly byte[] _headBytes = new byte[FrameBuffer.HeadLength];
    private int _headCount;
    private FrameHead _head;
    private byte[] _payload = [];

    /// <summary>Bytes of the payload that have come, and of DATA those that are padding at its end; -1 while that is not known.</summary>
    private int _count;
    private int _padding;

    /// <summary>Why the bytes are no frames; null as long as they can be.</summary>
    public string? Problem { get; private set; }

    /// <summary>Gets ready for a new connection.</summary>
    public void Reset()
    {
        _headCount = 0;
        Problem = null;
    }

    /// <returns>False when there is a <see cref="Problem"/>.</returns>
    public bool Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && Problem is null) Problem = _headCount < FrameBuffer.HeadLength ? Head(ref bytes) : Payload(ref bytes);
        return Problem is null;
    }

    private string? Head(ref ReadOnlySpan<byte> bytes)
    {
        var take = Math.Min(FrameBuffer.HeadLength - _headCount, bytes.Length);
        bytes[..take].CopyTo(_headBytes.AsSpan(_headCount));
        _headCount += take;
        bytes = bytes[take..];
        if (_headCount < FrameBuffer.HeadLength) return null;
        var first = BinaryPrimitives.ReadUInt32BigEndian(_headBytes);
        var stream = BinaryPrimitives.ReadInt32BigEndian(_headBytes.AsSpan(5)) & int.MaxValue;
        _head = new FrameHead((FrameType)(byte)first, _headBytes[4], stream, (int)(first >> 8));
        _count = 0;
        _padding = _head.Type == FrameType.Data && _head.Has(FrameFlags.Padded) ? -1 : 0;
        if (sink.Begin(_head) is { } problem) return problem;
        // A server that speaks HTTP/1 is found out there: its first letters are a length beyond the limit.
        if (_head.Length > FrameBuffer.MostPayload) return $"a frame of {_head.Length:#,0} bytes, and the limit is 16,384";
        return _head.Length == 0 ? End(default) : null;
    }

    private string? Payload(ref ReadOnlySpan<byte> bytes)
    {
        var take = Math.Min(_head.Length - _count, bytes.Length);
        var part = bytes[..take];
        if (_head.Type == FrameType.Data)
        {
            bytes = bytes[take..];
            return Data(part);
        }
        if (take == _head.Length)
        {
            bytes = bytes[take..];
            return End(part);
        }
        if (_payload.Length == 0) _payload = new byte[FrameBuffer.MostPayload];
        part.CopyTo(_payload.AsSpan(_count));
        _count += take;
        bytes = bytes[take..];
        return _count == _head.Length ? End(_payload.AsSpan(0, _count)) : null;
    }

    private string? Data(ReadOnlySpan<byte> part)
    {
        if (_padding < 0)
        {
            _padding = part[0];
            if (_padding >= _head.Length) return "a frame has more padding than bytes";
            part = part[1..];
            _count++;
        }
        var data = Math.Clamp(_head.Length - _padding - _count, 0, part.Length);
        _count += part.Length;
        if (data > 0 && sink.Data(_head, part[..data]) is { } problem) return problem;
        return _count == _head.Length ? End(default) : null;
    }

    private string? End(ReadOnlySpan<byte> payload)
    {
        _headCount = 0;
        if (_padding < 0) return "a padded frame has no bytes";
        return _head.Type == FrameType.Data ? sink.DataEnd(_head) : sink.Whole(_head, payload);
    }
}
