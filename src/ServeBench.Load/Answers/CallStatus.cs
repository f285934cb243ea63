using ServeBench.Domain.Samples;

namespace ServeBench.Load.Answers;

/// <summary>The statuses of gRPC calls (grpc/doc/statuscodes.md).</summary>
internal static class CallStatus
{
    public const int Ok = 0;

    /// <summary>Of a call that failed for another reason, or with a status that nobody knows.</summary>
    public const int Unknown = 2;

    private const int Cancelled = 1;
    private const int DeadlineExceeded = 4;
    private const int PermissionDenied = 7;
    private const int ResourceExhausted = 8;
    private const int Aborted = 10;
    private const int Internal = 13;
    private const int Unavailable = 14;
    private const int DataLoss = 15;

    private static readonly string[] Names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
        "UNAUTHENTICATED",
    ];

    public static bool IsKnown(int status) => status >= 0 && status < Names.Length;

    /// <summary>A status as people read it: <c>14 (UNAVAILABLE)</c>.</summary>
    public static string Words(int status) => IsKnown(status) ? $"{status} ({Names[status]})" : $"{status}";

    /// <summary>What a status other than OK means (docs/method.md, 15b): who says that the request is wrong says that it is ours.</summary>
    public static Outcome OutcomeOf(int status) => status switch
    {
        DeadlineExceeded => Outcome.ServerTimeout,
        ResourceExhausted => Outcome.Rejected,
        Cancelled or Unknown or Aborted or Internal or Unavailable or DataLoss => Outcome.Failed,
        > Ok when IsKnown(status) => Outcome.ClientFault,
        _ => Outcome.WrongAnswer,
    };

    /// <summary>The status of a call whose stream was reset (grpc/doc/PROTOCOL-HTTP2.md, "HTTP2 Transport Mapping").</summary>
    /// <param name="code">The error code (RFC 9113, section 7).</param>
    public static int OfReset(int code) => code switch
    {
        7 => Unavailable, // REFUSED_STREAM
        8 => Cancelled, // CANCEL
        11 => ResourceExhausted, // ENHANCE_YOUR_CALM
        12 => PermissionDenied, // INADEQUATE_SECURITY
        _ => Internal,
    };
}
