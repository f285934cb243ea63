namespace ServeBench.Domain.Samples;

/// <summary>How a request ended. The numbers are stored in sample files: never renumber.</summary>
public enum Outcome : byte
{
    /// <summary>A whole, well-formed answer with the expected status, before the deadline.</summary>
    Success = 0,

    /// <summary>No whole answer before the deadline, counted from the intended send.</summary>
    Timeout = 1,

    /// <summary>The connection could not be made.</summary>
    Refused = 2,

    /// <summary>The connection ended in the middle of an exchange.</summary>
    Disconnected = 3,

    /// <summary>An HTTP status from 400 to 499.</summary>
    ClientError = 4,

    /// <summary>An HTTP status from 500 to 599.</summary>
    ServerError = 5,

    /// <summary>An answer that is not what the protocol describes, or not what this request asked.</summary>
    WrongAnswer = 6,

    /// <summary>The driver could not start the request on schedule (no free connection); makes the case INVALID.</summary>
    Dropped = 7,

    /// <summary>The server answered that it has more to do than it accepts: status 429, or what its stack's rules say.</summary>
    Rejected = 8,

    /// <summary>The server answered, by its stack's rules, that the request was wrong; makes the case INVALID.</summary>
    ClientFault = 9,

    /// <summary>The server answered, by its stack's rules, that it failed.</summary>
    Failed = 10,

    /// <summary>The server failed, by its stack's rules, in an answer or stream that began with the status of a success.</summary>
    FailedInside = 11,

    /// <summary>The server answered that it gave up for lack of time: status 408 or 504, or what its stack's rules say.</summary>
    ServerTimeout = 12,
}

public static class Outcomes
{
    /// <summary>Every outcome, in stored order.</summary>
    public static IReadOnlyList<Outcome> All { get; } = Enum.GetValues<Outcome>();

    /// <summary>The word that reports and machine-readable results use.</summary>
    public static string Id(this Outcome outcome) => outcome switch
    {
        Outcome.Success => "success",
        Outcome.Timeout => "timeout",
        Outcome.Refused => "refused",
        Outcome.Disconnected => "disconnected",
        Outcome.ClientError => "4xx",
        Outcome.ServerError => "5xx",
        Outcome.WrongAnswer => "wrong-answer",
        Outcome.Dropped => "dropped",
        Outcome.Rejected => "rejected",
        Outcome.ClientFault => "client-fault",
        Outcome.Failed => "failed",
        Outcome.FailedInside => "failed-in-200",
        Outcome.ServerTimeout => "server-timeout",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "not an outcome"),
    };
}
