namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>Errors in the shape of the Open Inference Protocol.</summary>
internal static class InferErrors
{
    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        var status = error.Kind switch
        {
            ErrorKind.UnknownModel or ErrorKind.UnknownPath => StatusCodes.Status404NotFound,
            ErrorKind.WrongMethod => StatusCodes.Status405MethodNotAllowed,
            ErrorKind.UnknownEncoding => StatusCodes.Status415UnsupportedMediaType,
            ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
            ErrorKind.Slow => StatusCodes.Status408RequestTimeout,
            ErrorKind.Overloaded => StatusCodes.Status429TooManyRequests,
            ErrorKind.Expired => StatusCodes.Status504GatewayTimeout,
            ErrorKind.Stopping => StatusCodes.Status503ServiceUnavailable,
            ErrorKind.Failed => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status400BadRequest,
        };
        return JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("error", error.Message);
                json.WriteEndObject();
            },
            status);
    }
}
