using System.Text.Json;

namespace ServeBench.OnnxServer.Protocols.OpenAi;

/// <summary>Errors in the shape that OpenAI's clients expect.</summary>
internal static class OpenAiErrors
{
    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        var (status, type, code) = error.Kind switch
        {
            ErrorKind.UnknownModel => (StatusCodes.Status404NotFound, "invalid_request_error", "model_not_found"),
            ErrorKind.TooLarge => (StatusCodes.Status413PayloadTooLarge, "invalid_request_error", null),
            ErrorKind.Slow => (StatusCodes.Status408RequestTimeout, "invalid_request_error", null),
            ErrorKind.TooLong => (StatusCodes.Status400BadRequest, "invalid_request_error", "context_length_exceeded"),
            ErrorKind.Overloaded => (StatusCodes.Status429TooManyRequests, "rate_limit_error", "queue_full"),
            ErrorKind.Expired => (StatusCodes.Status504GatewayTimeout, "server_error", "deadline_exceeded"),
            ErrorKind.Stopping => (StatusCodes.Status503ServiceUnavailable, "server_error", "stopping"),
            ErrorKind.Failed => (StatusCodes.Status500InternalServerError, "server_error", null),
            _ => (StatusCodes.Status400BadRequest, "invalid_request_error", (string?)null),
        };
        return WriteAsync(context, status, error.Message, type, error.Parameter, code);
    }

    /// <summary>A path or method that the server does not know.</summary>
    public static Task WriteUnknownAsync(HttpContext context) => WriteAsync(
        context, StatusCodes.Status404NotFound, $"Unknown request URL: {context.Request.Method} {context.Request.Path}", "invalid_request_error", null, "unknown_url");

    private static Task WriteAsync(HttpContext context, int status, string message, string type, string? parameter, string? code) =>
        JsonAnswer.WriteAsync(context, json => Write(json, message, type, parameter, code), status);

    private static void Write(Utf8JsonWriter json, string message, string type, string? parameter, string? code)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("type", type);
        json.WriteString("param", parameter);
        json.WriteString("code", code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
