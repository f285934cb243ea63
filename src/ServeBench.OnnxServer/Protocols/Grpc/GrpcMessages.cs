using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using ServeBench.OnnxServer.Protocols.Protobuf;

namespace ServeBench.OnnxServer.Protocols.Grpc;

/// <summary>Reads and writes messages one at a time, for calls that have several, and small ones.</summary>
internal static class GrpcMessages
{
    /// <summary>Waits for a message.</summary>
    /// <param name="reader">The body of the call.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The message, or why it is not read; neither at the end of the call.</returns>
    public static async ValueTask<(byte[]? Message, ApiError? Error)> ReadAsync(
        PipeReader reader, int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (TryTake(ref buffer, most, out var message, out var error))
            {
                reader.AdvanceTo(buffer.Start);
                return (message, error);
            }
            if (result.IsCompleted)
            {
                var isCutOff = !buffer.IsEmpty;
                reader.AdvanceTo(buffer.End);
                return (null, isCutOff ? ApiError.Invalid("The call ended in the middle of a message") : null);
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Sends a message and nothing after it.</summary>
    public static async Task AnswerAsync(HttpContext context, Action<ProtobufWriter> write)
    {
        context.Response.ContentType = GrpcWire.ContentType;
        Write(context.Response.BodyWriter, Render(write).Span);
        GrpcWire.Succeed(context.Response);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>A message as bytes.</summary>
    public static ReadOnlyMemory<byte> Render(Action<ProtobufWriter> write)
    {
        var writer = new ProtobufWriter();
        write(writer);
        return writer.Written;
    }

    /// <summary>Writes a message; it is sent with the next flush.</summary>
    public static void Write(IBufferWriter<byte> into, ReadOnlySpan<byte> message)
    {
        var span = into.GetSpan(GrpcWire.PrefixLength + message.Length);
        GrpcWire.WritePrefix(span, message.Length);
        message.CopyTo(span[GrpcWire.PrefixLength..]);
        into.Advance(GrpcWire.PrefixLength + message.Length);
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, int most, out byte[]? message, out ApiError? error)
    {
        (message, error) = (null, null);
        if (buffer.Length < GrpcWire.PrefixLength) return false;
        Span<byte> prefix = stackalloc byte[GrpcWire.PrefixLength];
        buffer.Slice(0, GrpcWire.PrefixLength).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        error = GrpcWire.RefuseCompressed(prefix[0]);
        if (length > most)
            error = new ApiError(
                ErrorKind.TooLarge, $"A message has {length} bytes, more than {most}, the limit of this server (--max-body)");
        if (error is not null) return true;
        if (buffer.Length - GrpcWire.PrefixLength < length) return false;
        message = buffer.Slice(GrpcWire.PrefixLength, length).ToArray();
        buffer = buffer.Slice(GrpcWire.PrefixLength + length);
        return true;
    }
}
