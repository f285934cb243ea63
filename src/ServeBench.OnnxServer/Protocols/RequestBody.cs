using System.Buffers;

namespace ServeBench.OnnxServer.Protocols;

/// <summary>Reads request bodies.</summary>
internal static class RequestBody
{
    /// <summary>Why the web server gave a body up.</summary>
    public static ApiError Explain(BadHttpRequestException e) => new(
        e.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => ErrorKind.TooLarge,
            StatusCodes.Status408RequestTimeout => ErrorKind.Slow,
            _ => ErrorKind.Invalid,
        },
        e.Message);

    /// <summary>
    /// Waits until the whole body is there. The caller advances the reader when it is done with it. Bodies over the server's
    /// limit, and those that come too slowly, end with a <see cref="BadHttpRequestException"/> that says the status.
    /// </summary>
    public static async ValueTask<ReadOnlySequence<byte>> ReadAllAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
            if (result.IsCompleted) return result.Buffer;
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
