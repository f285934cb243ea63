using ServeBench.Domain.Samples;
using ServeBench.Domain.Stacks;

namespace ServeBench.Load.Answers;

/// <summary>The outcome of a request whose whole answer is known; the same for every driver.</summary>
internal static class AnswerMeaning
{
    /// <summary>
    /// What a status means by itself, where it is not that of a good answer: one of HTTP (RFC 9110, section 15), or below 100 one of gRPC.
    /// </summary>
    public static Outcome Of(int status) => status switch
    {
        < 100 => CallStatus.OutcomeOf(status),
        408 or 504 => Outcome.ServerTimeout,
        429 => Outcome.Rejected,
        >= 400 and < 500 => Outcome.ClientError,
        >= 500 and < 600 => Outcome.ServerError,
        _ => Outcome.WrongAnswer,
    };

    /// <summary>The outcome that the meaning of a rule gives.</summary>
    /// <param name="meaning">The rule's meaning.</param>
    /// <param name="status">The answer's status: a failure with the status of a success is one inside the answer.</param>
    public static Outcome Of(OutcomeMeaning meaning, int status) => meaning switch
    {
        OutcomeMeaning.Success => Outcome.Success,
        OutcomeMeaning.Rejected => Outcome.Rejected,
        OutcomeMeaning.ClientFault => Outcome.ClientFault,
        OutcomeMeaning.Timeout => Outcome.ServerTimeout,
        _ => status is CallStatus.Ok or (>= 200 and < 300) ? Outcome.FailedInside : Outcome.Failed,
    };
}
