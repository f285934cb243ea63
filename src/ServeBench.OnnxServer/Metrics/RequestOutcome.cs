namespace ServeBench.OnnxServer.Metrics;

/// <summary>How a request ended, as metrics name it.</summary>
internal enum RequestOutcome
{
    Success,

    /// <summary>Refused for what it is: not understood, too long, too large, an unknown model.</summary>
    Invalid,

    /// <summary>Refused because the queue was full.</summary>
    Overloaded,

    /// <summary>Its deadline passed.</summary>
    Expired,

    /// <summary>The client went away.</summary>
    Cancelled,

    /// <summary>Refused because the server was about to end.</summary>
    Stopping,

    /// <summary>The runtime failed.</summary>
    Failed,
}

internal static class RequestOutcomes
{
    public static IReadOnlyList<RequestOutcome> All { get; } = Enum.GetValues<RequestOutcome>();

    public static string Label(this RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Success => "success",
        RequestOutcome.Invalid => "invalid",
        RequestOutcome.Overloaded => "overloaded",
        RequestOutcome.Expired => "expired",
        RequestOutcome.Cancelled => "cancelled",
        RequestOutcome.Stopping => "stopping",
        _ => "failed",
    };
}
