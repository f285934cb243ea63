using System.Buffers.Binary;
using System.Text;
using ServeBench.NullServer.Http2;
using ServeBench.NullServer.Latency;
using ServeBench.NullServer.Serving;

namespace ServeBench.NullServer.Wire;

/// <summary>
/// gRPC: each call is answered with the same message, so many times. The body stands in a field with the largest number that there is, so
/// that any type of message can be read from it: what it does not know it passes over.
/// </summary>
internal sealed class GrpcFormat : IAnswerFormat
{
    private const uint LargestField = (1u << 29) - 1;
    private const int Delimited = 2;

    public string Name => "grpc";

    public Func<Conversation> ConversationFactory(string body, NullServerOptions options, ServerModel model)
    {
        var message = Message(Encoding.UTF8.GetBytes(body));
        byte[] messages = [.. Enumerable.Repeat(message, options.Events).SelectMany(m => m)];
        return () => new CallConversation(messages, model.ReadsBodies);
    }

    /// <summary>A flag that it is not compressed, its length, and the message.</summary>
    private static byte[] Message(byte[] body)
    {
        byte[] message = [.. Varint((LargestField << 3) | Delimited), .. Varint((uint)body.Length), .. body];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, message.Length);
        return [0, .. length, .. message];
    }

    private static IEnumerable<byte> Varint(uint value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
