using System.Text.Json;

namespace ServeBench.OnnxServer.Protocols.OpenAi;

/// <summary>An error in the shape that OpenAI's clients expect.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">For example <c>invalid_request_error</c>.</param>
/// <param name="Message">What is wrong, for people.</param>
/// <param name="Parameter">Which part of the request is wrong, or null.</param>
/// <param name="Code">What is wrong, for programs, or null.</param>
internal sealed record OpenAiError(int Status, string Type, string Message, string? Parameter = null, string? Code = null)
{
    public static OpenAiError Invalid(string message, string? parameter = null) =>
        new(StatusCodes.Status400BadRequest, "invalid_request_error", message, parameter);

    public static OpenAiError UnknownModel(string name) =>
        new(StatusCodes.Status404NotFound, "invalid_request_error", $"The model '{name}' does not exist", "model", "model_not_found");

    public static OpenAiError NotFound(string method, string path) =>
        new(StatusCodes.Status404NotFound, "invalid_request_error", $"Unknown request URL: {method} {path}", null, "unknown_url");

    public static OpenAiError Overloaded { get; } =
        new(StatusCodes.Status429TooManyRequests, "rate_limit_error", "The server is at its limit; try again in a moment", null, "queue_full");

    public static OpenAiError Failed { get; } =
        new(StatusCodes.Status500InternalServerError, "server_error", "The model could not be executed; the server's log says why");

    /// <summary>Writes the error as the whole response.</summary>
    public Task WriteAsync(HttpContext context)
    {
        if (Status == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "1";
        return JsonAnswer.WriteAsync(context, Write, Status);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", Message);
        json.WriteString("type", Type);
        json.WriteString("param", Parameter);
        json.WriteString("code", Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
