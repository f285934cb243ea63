using System.Text.Json;

namespace ServeBench.OnnxServer.Protocols.OpenAi;

/// <summary>Errors in the shape that OpenAI's clients expect.</summary>
internal static class OpenAiErrors
{
    /// <summary>The protocol's name in metrics.</summary>
    public const string Protocol = "openai";

    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        var (status, type, code) = WordsOf(error);
        return JsonResponse.WriteAsync(context, json => Write(json, error.Message, type, error.Parameter, code), status);
    }

    /// <summary>The body alone, for an answer that has begun already.</summary>
    public static ReadOnlyMemory<byte> Render(ApiError error)
    {
        var (_, type, code) = WordsOf(error);
        return JsonResponse.Render(json => Write(json, error.Message, type, error.Parameter, code));
    }

    private static (int Status, string Type, string? Code) WordsOf(ApiError error) => error.Kind switch
    {
        ErrorKind.UnknownModel => (StatusCodes.Status404NotFound, "invalid_request_error", "model_not_found"),
        ErrorKind.UnknownPath => (StatusCodes.Status404NotFound, "invalid_request_error", "unknown_url"),
        ErrorKind.WrongMethod => (StatusCodes.Status405MethodNotAllowed, "invalid_request_error", "method_not_supported"),
        ErrorKind.UnknownEncoding => (StatusCodes.Status415UnsupportedMediaType, "invalid_request_error", null),
        ErrorKind.TooLarge => (StatusCodes.Status413PayloadTooLarge, "invalid_request_error", null),
        ErrorKind.Slow => (StatusCodes.Status408RequestTimeout, "invalid_request_error", null),
        ErrorKind.TooLong => (StatusCodes.Status400BadRequest, "invalid_request_error", "context_length_exceeded"),
        ErrorKind.Overloaded => (StatusCodes.Status429TooManyRequests, "rate_limit_error", "queue_full"),
        ErrorKind.Expired => (StatusCodes.Status504GatewayTimeout, "server_error", "deadline_exceeded"),
        ErrorKind.Stopping => (StatusCodes.Status503ServiceUnavailable, "server_error", "stopping"),
        ErrorKind.Failed => (StatusCodes.Status500InternalServerError, "server_error", null),
        _ => (StatusCodes.Status400BadRequest, "invalid_request_error", null),
    };

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
