using System.Globalization;
using ServeBench.Domain.Samples;
using ServeBench.Load.Answers;

namespace ServeBench.Load.K6.Results;

/// <summary>What k6 says of a request, in our words. Its error codes are those of lib/netext/httpext/error_codes.go.</summary>
internal static class K6Outcome
{
    private const int RequestTimeout = 1050;

    /// <param name="iteration">An iteration that made a request.</param>
    /// <param name="expectedStatus">The status of a good answer.</param>
    public static Outcome Of(Iteration iteration, int expectedStatus)
    {
        // Scripts of protocols other than HTTP say it themselves.
        if (Known(iteration.Status) is { } stated) return stated;
        var status = Status(iteration);
        var meaning = Known(iteration.Meaning);
        if (meaning is { } ruled and not Outcome.Success) return ruled;
        if ((status == expectedStatus && iteration.ErrorCode == 0) || meaning == Outcome.Success)
            return iteration.CheckFailed || !iteration.Finished ? Outcome.WrongAnswer : Outcome.Success;
        return iteration.ErrorCode switch
        {
            RequestTimeout => Outcome.Timeout,
            // No such host, blocked, and everything that can go wrong while dialling.
            >= 1100 and < 1200 or >= 1210 and < 1220 => Outcome.Refused,
            // Other errors of TCP and HTTP/2, and those without a code of their own, such as an end in the middle of an answer.
            >= 1000 and < 1100 or >= 1200 and < 1300 or >= 1600 and < 1700 => Outcome.Disconnected,
            _ => AnswerMeaning.Of(status),
        };
    }

    private static Outcome? Known(string id)
    {
        foreach (var outcome in Outcomes.All)
            if (outcome.Id() == id) return outcome;
        return null;
    }

    public static int Status(Iteration iteration) =>
        ushort.TryParse(iteration.Status, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;
}
