using System.Text.Json;
using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.Generation.Tgi;

/// <summary>Errors in the shape of Text Generation Inference, with its statuses.</summary>
internal static class TgiErrors
{
    public static Task WriteAsync(HttpContext context, ApiError error) =>
        JsonResponse.WriteAsync(context, json => Write(json, error), WordsOf(error).Status);

    /// <summary>The body alone, for an answer that has begun already.</summary>
    public static ReadOnlyMemory<byte> Render(ApiError error) => JsonResponse.Render(json => Write(json, error));

    private static void Write(Utf8JsonWriter json, ApiError error)
    {
        json.WriteStartObject();
        json.WriteString("error", error.Message);
        json.WriteString("error_type", WordsOf(error).Type);
        json.WriteEndObject();
    }

    private static (int Status, string Type) WordsOf(ApiError error) => error.Kind switch
    {
        ErrorKind.UnknownPath => (StatusCodes.Status404NotFound, "validation"),
        ErrorKind.WrongMethod => (StatusCodes.Status405MethodNotAllowed, "validation"),
        ErrorKind.UnknownEncoding => (StatusCodes.Status415UnsupportedMediaType, "validation"),
        ErrorKind.TooLarge => (StatusCodes.Status413PayloadTooLarge, "validation"),
        ErrorKind.Slow => (StatusCodes.Status408RequestTimeout, "validation"),
        ErrorKind.Overloaded => (StatusCodes.Status429TooManyRequests, "overloaded"),
        ErrorKind.Expired => (StatusCodes.Status504GatewayTimeout, "overloaded"),
        ErrorKind.Stopping => (StatusCodes.Status503ServiceUnavailable, "unhealthy"),
        ErrorKind.Failed => (StatusCodes.Status424FailedDependency, "generation"),
        _ => (StatusCodes.Status422UnprocessableEntity, "validation"),
    };
}
