using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ServeBench.Load.WebSockets;

/// <summary>Frames as a client sends them (RFC 6455, section 5): whole messages, masked.</summary>
internal static class SocketFrame
{
    public const int Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10;

    /// <summary>The most that a frame of a ping, a pong or a close may hold, bytes.</summary>
    public const int MostControl = 125;

    private const byte Final = 0x80, Masked = 0x80;
    private const int MaskBytes = 4, Length16 = 126, Length64 = 127;

    /// <summary>A whole message in one frame, masked with a key that is drawn.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="payload">The message.</param>
    public static byte[] Of(int kind, ReadOnlySpan<byte> payload)
    {
        var extra = payload.Length <= MostControl ? 0 : payload.Length <= ushort.MaxValue ? 2 : 8;
        var frame = new byte[2 + extra + MaskBytes + payload.Length];
        frame[0] = (byte)(Final | kind);
        frame[1] = (byte)(Masked | (extra == 0 ? payload.Length : extra == 2 ? Length16 : Length64));
        if (extra == 2) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        if (extra == 8) BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), payload.Length);
        var key = frame.AsSpan(2 + extra, MaskBytes);
        RandomNumberGenerator.Fill(key);
        Mask(payload, key, frame.AsSpan(2 + extra + MaskBytes));
        return frame;
    }

    /// <summary>The message of a frame that <see cref="Of"/> made.</summary>
    public static byte[] MessageOf(ReadOnlySpan<byte> frame)
    {
        var at = 2 + ((frame[1] & 0x7f) switch { Length16 => 2, Length64 => 8, _ => 0 });
        var message = new byte[frame.Length - at - MaskBytes];
        Mask(frame[(at + MaskBytes)..], frame.Slice(at, MaskBytes), message);
        return message;
    }

    private static void Mask(ReadOnlySpan<byte> from, ReadOnlySpan<byte> key, Span<byte> into)
    {
        for (var i = 0; i < from.Length; i++) into[i] = (byte)(from[i] ^ key[i % MaskBytes]);
    }
}
