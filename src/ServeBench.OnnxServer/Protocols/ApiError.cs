namespace ServeBench.OnnxServer.Protocols;

/// <summary>Why a request has no answer, whatever protocol it came in.</summary>
/// <param name="Kind">What kind of fault it is; each protocol has a status and a word for it.</param>
/// <param name="Message">What is wrong, for people; what is too long is cut off, since it may repeat what the client sent.</param>
/// <param name="Parameter">Which part of the request is wrong; null when it is not one part.</param>
internal sealed record ApiError(ErrorKind Kind, string Message, string? Parameter = null)
{
    private const int LongestMessage = 1024;

    public string Message { get; } = Message.Length <= LongestMessage
        ? Message
        : $"{Message.AsSpan(0, LongestMessage - (char.IsHighSurrogate(Message[LongestMessage - 1]) ? 1 : 0))}...";

    public static ApiError Overloaded { get; } = new(ErrorKind.Overloaded, "The server is at its limit; try again in a moment");

    public static ApiError Expired { get; } = new(ErrorKind.Expired, "The deadline of the request passed before it could be answered");

    public static ApiError Stopping { get; } = new(ErrorKind.Stopping, "The server is stopping");

    public static ApiError Failed { get; } = new(ErrorKind.Failed, "The model could not be executed; the server's log says why");

    public static ApiError Invalid(string message, string? parameter = null) => new(ErrorKind.Invalid, message, parameter);

    /// <summary>A path that nothing answers.</summary>
    public static ApiError UnknownPath(HttpContext context) =>
        new(ErrorKind.UnknownPath, $"Unknown request URL: {context.Request.Method} {context.Request.Path}");

    /// <summary>A path that is answered, but not to this method.</summary>
    /// <param name="allowed">The methods that it is answered to, as the header Allow names them.</param>
    public static ApiError WrongMethod(HttpContext context, string allowed) =>
        new(ErrorKind.WrongMethod, $"{context.Request.Path} is not answered to {context.Request.Method}, only to {allowed}");

    public static ApiError UnknownModel(string name) => new(ErrorKind.UnknownModel, $"The model '{name}' does not exist", "model");

    public static ApiError TooLong(int item, int most, string model, string parameter) => new(
        ErrorKind.TooLong,
        $"{parameter} item {item} has more than {most} tokens, the most that the model '{model}' takes; "
            + "shorten it, or start the server with --long-inputs=truncate",
        parameter);

    public static ApiError TooMany(int most, string parameter) =>
        new(ErrorKind.TooMany, $"{parameter} has more than {most} items, the limit of this server (--max-items)", parameter);
}

/// <summary>The kinds of faults that requests end with.</summary>
internal enum ErrorKind
{
    /// <summary>The request is not understood.</summary>
    Invalid,

    /// <summary>It holds text that is no Unicode, or tokens that the model does not know.</summary>
    Unreadable,

    /// <summary>It names a model that is not served.</summary>
    UnknownModel,

    /// <summary>It holds nothing to execute.</summary>
    Empty,

    /// <summary>A text has too many tokens.</summary>
    TooLong,

    /// <summary>It holds too many texts.</summary>
    TooMany,

    /// <summary>Its body has too many bytes.</summary>
    TooLarge,

    /// <summary>Its body is compressed in a way that the server does not decode.</summary>
    UnknownEncoding,

    /// <summary>Nothing is answered at its path.</summary>
    UnknownPath,

    /// <summary>Its path is answered to other methods.</summary>
    WrongMethod,

    /// <summary>Its body came too slowly, or was cut off.</summary>
    Slow,

    /// <summary>The server has as much to do as it takes.</summary>
    Overloaded,

    /// <summary>Its deadline passed.</summary>
    Expired,

    /// <summary>The server takes no more requests, because it is about to end.</summary>
    Stopping,

    /// <summary>The model could not be executed.</summary>
    Failed,
}
