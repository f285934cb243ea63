using System.Buffers.Binary;

namespace ServeBench.Load.Http2;

internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    Priority = 2,
    ResetStream = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

/// <summary>What a frame's flags mean; which of them it may have depends on its type.</summary>
internal static class FrameFlags
{
    public const byte None = 0;
    public const byte Ack = 1;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;
    public const byte Padded = 8;
    public const byte Priority = 32;
}

/// <summary>Frames that are to be sent (RFC 9113, section 4.1), one after the other in a buffer that is used again and again.</summary>
internal sealed class FrameBuffer
{
    /// <summary>Bytes of a frame before its payload.</summary>
    public const int HeadLength = 9;

    /// <summary>Bytes of payload that every peer takes, whatever its settings.</summary>
    public const int MostPayload = 16 * 1024;

    /// <summary>Where in a frame's head the number of its stream stands.</summary>
    private const int StreamAt = 5;

    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>A frame that was rendered beforehand, on a stream of its own.</summary>
    public void WriteOn(int stream, ReadOnlySpan<byte> frame)
    {
        var copy = Take(frame.Length);
        frame.CopyTo(copy);
        BinaryPrimitives.WriteInt32BigEndian(copy[StreamAt..], stream);
    }

    public void Write(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = Take(HeadLength + payload.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame, (payload.Length << 8) | (byte)type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame[StreamAt..], stream);
        payload.CopyTo(frame[HeadLength..]);
    }

    /// <summary>Lets the other side send so many bytes more.</summary>
    /// <param name="stream">On which stream; 0 for the connection.</param>
    public void WindowUpdate(int stream, int bytes)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, bytes);
        Write(FrameType.WindowUpdate, FrameFlags.None, stream, payload);
    }

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + count));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
