using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Pipelines.Embedding.Tei;

/// <summary>Errors in the shape of Text Embeddings Inference, with its statuses.</summary>
internal static class TeiErrors
{
    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        var (status, type) = error.Kind switch
        {
            ErrorKind.Unreadable => (StatusCodes.Status422UnprocessableEntity, "Tokenizer"),
            ErrorKind.Empty => (StatusCodes.Status400BadRequest, "Empty"),
            ErrorKind.TooLong or ErrorKind.TooMany or ErrorKind.TooLarge => (StatusCodes.Status413PayloadTooLarge, "Validation"),
            ErrorKind.UnknownPath => (StatusCodes.Status404NotFound, "Validation"),
            ErrorKind.WrongMethod => (StatusCodes.Status405MethodNotAllowed, "Validation"),
            ErrorKind.UnknownEncoding => (StatusCodes.Status415UnsupportedMediaType, "Validation"),
            ErrorKind.Slow => (StatusCodes.Status408RequestTimeout, "Validation"),
            ErrorKind.Overloaded => (StatusCodes.Status429TooManyRequests, "Overloaded"),
            ErrorKind.Expired => (StatusCodes.Status504GatewayTimeout, "Overloaded"),
            ErrorKind.Stopping => (StatusCodes.Status503ServiceUnavailable, "Unhealthy"),
            ErrorKind.Failed => (StatusCodes.Status424FailedDependency, "Backend"),
            _ => (StatusCodes.Status400BadRequest, "Validation"),
        };
        return JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("error", error.Message);
                json.WriteString("error_type", type);
                json.WriteEndObject();
            },
            status);
    }
}
