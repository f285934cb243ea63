using System.Buffers.Binary;
using System.Text;

namespace ServeBench.OnnxServer.Tests.Robustness;

/// <summary>Connections of HTTP/2 (RFC 9113) that were right once and then had frames changed, doubled, moved or lost.</summary>
internal static class FrameMutator
{
    private const byte Data = 0, Headers = 1, Priority = 2, Settings = 4, Ping = 6, WindowUpdate = 8, LastType = 9;

    private static readonly byte[] Question = "question"u8.ToArray();
    private static readonly byte[] Answered = [0, 0, 8, Ping, 1, 0, 0, 0, 0, .. Question];

    /// <summary>The frame by which a server answers the ping that ends each connection.</summary>
    public static ReadOnlySpan<byte> Answer => Answered;

    /// <param name="message">A message of gRPC that is right.</param>
    public static byte[] Connection(byte[] message, Random random)
    {
        byte[] data = [0, .. BigEndian(message.Length), .. message];
        List<(byte Type, byte Flags, int Stream, byte[] Payload)> frames =
        [
            (Settings, 0, 0, [0, 4, 0, 16, 0, 0]),
            (WindowUpdate, 0, 0, BigEndian(1 << 20)),
            (Headers, 4, 1, HeaderBlock()),
            (Data, 1, 1, data),
            (Priority, 0, 3, [0, 0, 0, 0, 15]),
            (Headers, 4, 3, HeaderBlock()),
            (WindowUpdate, 0, 3, BigEndian(1 << 20)),
            (Data, 1, 3, data),
        ];
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(frames.Count);
            var frame = frames[at];
            switch (random.Next(8))
            {
                case 0: frames[at] = frame with { Type = (byte)random.Next(LastType + 2) }; break;
                case 1: frames[at] = frame with { Flags = (byte)random.Next(256) }; break;
                case 2: frames[at] = frame with { Stream = random.Next(3) == 0 ? random.Next() : random.Next(8) }; break;
                case 3: frames.Insert(at, frame); break;
                case 4 when frames.Count > 1: frames.RemoveAt(at); break;
                case 5: (frames[at], frames[^1]) = (frames[^1], frames[at]); break;
                default: frames[at] = frame with { Payload = Changes.Of(frame.Payload, random) }; break;
            }
        }
        frames.Add((Ping, 0, 0, Question));
        var bytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray().ToList();
        foreach (var (type, flags, stream, payload) in frames)
        {
            // Now and then a frame lies about its length.
            var length = random.Next(200) == 0 ? random.Next(1 << 24) : payload.Length;
            bytes.AddRange([.. BigEndian(length)[1..], type, flags, .. BigEndian(stream), .. payload]);
        }
        return [.. bytes];
    }

    /// <summary>POST /inference.GRPCInferenceService/ModelInfer, by RFC 7541 without its table of earlier fields.</summary>
    private static byte[] HeaderBlock() =>
        [
            0x83, 0x86, 0x04, .. Text("/inference.GRPCInferenceService/ModelInfer"), 0x01, .. Text("a"),
            0x0F, 0x10, .. Text("application/grpc"), 0x00, .. Text("te"), .. Text("trailers"),
        ];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
