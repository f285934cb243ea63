using System.Buffers.Binary;

namespace ServeBench.Load.Tests.Http2;

/// <summary>Frames as a server sends them, put together by hand.</summary>
internal static class Frames
{
    public const int Data = 0, Headers = 1, Reset = 3, Settings = 4, Push = 5, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;

    public const int EndStream = 1, Ack = 1, EndHeaders = 4, Padded = 8, Priority = 32;

    /// <summary>:status 200 and content-type application/grpc.</summary>
    public static byte[] Head { get; } = Of(Headers, EndHeaders, 1, [0x88, .. Field("content-type", "application/grpc")]);

    /// <summary>grpc-status 0, and the end.</summary>
    public static byte[] Trailers { get; } = Of(Headers, EndHeaders | EndStream, 1, Field("grpc-status", "0"));

    public static byte[] Of(int type, int flags, int stream, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, (payload.Length << 8) | type);
        frame[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    public static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    public static byte[] Setting(int name, int value) => [(byte)(name >> 8), (byte)name, .. Number(value)];

    /// <summary>A field without number and table; names and values shorter than 127.</summary>
    public static byte[] Field(string name, string value) => [0, (byte)name.Length, .. Latin1.Bytes(name), (byte)value.Length, .. Latin1.Bytes(value)];

    /// <summary>A message with its flag and length.</summary>
    public static byte[] Message(byte[] bytes, byte flag = 0) => [flag, .. Number(bytes.Length), .. bytes];

    /// <summary>The same frame on another stream.</summary>
    public static byte[] On(int stream, byte[] frame)
    {
        byte[] copy = [.. frame];
        BinaryPrimitives.WriteInt32BigEndian(copy.AsSpan(5), stream);
        return copy;
    }

    /// <summary>Takes bytes apart again, up to the last frame that is whole.</summary>
    public static List<(int Type, int Flags, int Stream, byte[] Payload)> Parse(ReadOnlySpan<byte> bytes)
    {
        var frames = new List<(int, int, int, byte[])>();
        while (bytes.Length >= 9)
        {
            var length = (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes) >> 8);
            if (bytes.Length < 9 + length) break;
            frames.Add((bytes[3], bytes[4], BinaryPrimitives.ReadInt32BigEndian(bytes[5..]), bytes.Slice(9, length).ToArray()));
            bytes = bytes[(9 + length)..];
        }
        return frames;
    }
}
