namespace ServeBench.OnnxServer.Hosting;

/// <summary>Everything that the server says in its log.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Serving {Model} ({Weights} {Precision} weights, sha256 {Sha256}) on {Runtime}")]
    public static partial void Serving(this ILogger logger, string model, string weights, string precision, string sha256, string runtime);

    [LoggerMessage(2, LogLevel.Information, "Listening on {Address}")]
    public static partial void Listening(this ILogger logger, string address);

    [LoggerMessage(3, LogLevel.Error, "A text of {Tokens} tokens has no embedding")]
    public static partial void NoEmbedding(this ILogger logger, Exception why, int tokens);
}
