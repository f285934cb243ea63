namespace ServeBench.Measurement.Attribution;

/// <summary>The parts of a request's time, in the order in which a request goes through them.</summary>
public static class TimeParts
{
    /// <summary>
    /// The way there and back, and what web server and client do before the server's timer begins and after it ends; by
    /// difference.
    /// </summary>
    public const string Network = "network";

    public const string Input = "input";
    public const string Queue = "queue";
    public const string Padding = "padding";
    public const string Inference = "inference";
    public const string Output = "output";

    /// <summary>What the server's timer of whole requests holds beyond its timers of parts; by difference.</summary>
    public const string Rest = "rest";

    public static IReadOnlyList<string> All { get; } = [Network, Input, Queue, Padding, Inference, Output, Rest];
}
