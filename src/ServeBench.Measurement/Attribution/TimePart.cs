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

/// <param name="Id">One of <see cref="TimeParts"/>.</param>
/// <param name="Seconds">Mean over requests and trials; null when it was not measured. Of a difference it may be a little below
/// zero.</param>
/// <param name="NotMeasured">Why not; null when it was.</param>
public sealed record TimePart(string Id, double? Seconds, string? NotMeasured = null);

/// <summary>One cause of the gap between a stack and the raw runtime.</summary>
/// <param name="Parts">The part; several where the raw runtime's own time cannot be taken from one of them alone.</param>
/// <param name="Seconds">How much of the gap it is; below zero where it makes up for others.</param>
/// <param name="BeyondRaw">True when the raw runtime's time has been taken from it.</param>
public sealed record GapPart(IReadOnlyList<string> Parts, double Seconds, bool BeyondRaw);
