using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ServeBench.OnnxServer.Protocols.Grpc;

/// <summary>How gRPC lies upon HTTP/2 (gRPC over HTTP2): messages with five bytes before them, and a status behind them.</summary>
internal static class GrpcWire
{
    public const string ContentType = "application/grpc";

    /// <summary>Bytes before a message: whether it is compressed, and its length, highest byte first.</summary>
    public const int PrefixLength = 5;

    private const string Status = "grpc-status";
    private const string Message = "grpc-message";

    /// <summary>Bytes of a message about an error: clients refuse heads that are too long, and the status with them.</summary>
    private const int LongestMessage = 1024;

    /// <summary>Whether a request is a call.</summary>
    public static bool IsCall(HttpRequest request) =>
        request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    public static void WritePrefix(Span<byte> into, int length)
    {
        into[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(into[1..], length);
    }

    /// <summary>Takes the one message out of the body of a call that has one.</summary>
    /// <param name="error">Why it has not; null when it has.</param>
    public static ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> body, out ApiError? error)
    {
        error = body.Length < PrefixLength
            ? ApiError.Invalid($"The call has {body.Length} bytes, fewer than the {PrefixLength} before a message; send one message")
            : RefuseCompressed(body[0]);
        if (error is not null) return [];
        if (BinaryPrimitives.ReadUInt32BigEndian(body[1..]) == body.Length - PrefixLength) return body[PrefixLength..];
        error = ApiError.Invalid(
            $"The call must have exactly one message; its prefix says {BinaryPrimitives.ReadUInt32BigEndian(body[1..])} bytes, "
                + $"and {body.Length - PrefixLength} follow");
        return [];
    }

    /// <summary>What is said of a compressed message; null of others.</summary>
    public static ApiError? RefuseCompressed(byte flag) => flag == 0
        ? null
        : new ApiError(ErrorKind.UnknownEncoding, "The message is compressed; send it uncompressed (identity)");

    /// <summary>Says that a call ended well, once its last message has been sent.</summary>
    public static void Succeed(HttpResponse response)
    {
        // What is behind the body counts, not how long the body was said to be.
        if (!response.HasStarted) response.ContentLength = null;
        if (response.SupportsTrailers()) response.AppendTrailer(Status, "0");
    }

    /// <summary>Ends a call with an error: in the head where nothing has been sent, else behind what has.</summary>
    public static void Fail(HttpResponse response, ApiError error)
    {
        var code = ((int)CodeOf(error)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var message = Escape(error.Message);
        if (response.HasStarted)
        {
            response.AppendTrailer(Status, code);
            response.AppendTrailer(Message, message);
            return;
        }
        response.ContentType = ContentType;
        response.Headers[Status] = code;
        response.Headers[Message] = message;
        if (error.Kind == ErrorKind.UnknownEncoding) response.Headers["grpc-accept-encoding"] = "identity";
    }

    /// <summary>Lets a call send messages for as long as it likes, each within the limit of bodies.</summary>
    public static void KeepOpen(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        context.Response.ContentType = ContentType;
    }

    /// <summary>Anything but printable ASCII, and the percent sign, is escaped, as in a URL; what is too long is cut off.</summary>
    private static string Escape(string message)
    {
        var escaped = new StringBuilder();
        foreach (var rune in message.EnumerateRunes())
        {
            var next = rune.Value is >= ' ' and <= '~' and not '%' ? rune.ToString() : Uri.EscapeDataString(rune.ToString());
            if (escaped.Length + next.Length > LongestMessage) break;
            escaped.Append(next);
        }
        return escaped.ToString();
    }

    private static GrpcCode CodeOf(ApiError error) => error.Kind switch
    {
        ErrorKind.UnknownModel => GrpcCode.NotFound,
        ErrorKind.UnknownPath or ErrorKind.WrongMethod or ErrorKind.UnknownEncoding => GrpcCode.Unimplemented,
        ErrorKind.TooLarge or ErrorKind.Overloaded => GrpcCode.ResourceExhausted,
        ErrorKind.Expired or ErrorKind.Slow => GrpcCode.DeadlineExceeded,
        ErrorKind.Stopping => GrpcCode.Unavailable,
        ErrorKind.Failed => GrpcCode.Internal,
        _ => GrpcCode.InvalidArgument,
    };
}
