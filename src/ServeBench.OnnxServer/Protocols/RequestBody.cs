using System.Buffers;

namespace ServeBench.OnnxServer.Protocols;

/// <summary>Reads request bodies.</summary>
internal static class RequestBody
{
    /// <summary>The web server stops receiving where twice as much waits to be read.</summary>
    private const int MostAtOnce = 1 << 19;

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
        // Whoever waits for pieces is woken for each.
        var result = await reader.ReadAtLeastAsync((int)Math.Min(context.Request.ContentLength ?? 0, MostAtOnce), context.RequestAborted);
        while (!result.IsCompleted)
        {
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await reader.ReadAsync(context.RequestAborted);
        }
        return result.Buffer;
    }
}
