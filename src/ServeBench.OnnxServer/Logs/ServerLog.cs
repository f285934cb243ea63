namespace ServeBench.OnnxServer.Logs;

/// <summary>Everything that the server says in its log.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Serving {Model} ({Weights} {Precision} weights, sha256 {Sha256}) on {Runtime}, "
        + "instances: {Instances}, {Batching}")]
    public static partial void Serving(
        this ILogger logger,
        string model,
        string weights,
        string precision,
        string sha256,
        string runtime,
        int instances,
        string batching);

    [LoggerMessage(2, LogLevel.Information, "Listening on {Address}")]
    public static partial void Listening(this ILogger logger, string address);

    [LoggerMessage(3, LogLevel.Error, "A {Item} of {Cost} {Unit} has no {Result}")]
    public static partial void NoResult(this ILogger logger, Exception why, string item, int cost, string unit, string result);

    [LoggerMessage(4, LogLevel.Warning, "The cache {Folder} cannot be used; the model is loaded without it")]
    public static partial void NoCache(this ILogger logger, Exception why, string folder);

    [LoggerMessage(5, LogLevel.Information, "Asked to end; requests still being answered, and streams still open: {Requests}")]
    public static partial void Draining(this ILogger logger, int requests);

    [LoggerMessage(6, LogLevel.Information, "Every request that was taken has been answered: {Requests} since the start")]
    public static partial void Drained(this ILogger logger, long requests);

    [LoggerMessage(7, LogLevel.Critical, "A batch broke off by what is no failure of the runtime, which should not happen; "
        + "without {Result}: {Items}")]
    public static partial void BatchBroke(this ILogger logger, Exception why, string items, string result);
}
