using ServeBench.Domain.Samples;
using ServeBench.Domain.Stacks;
using ServeBench.Load.Answers;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Native;

/// <summary>How a request ended whose answer is whole: by the stack's rules, which are made ready once, and else by its status.</summary>
internal sealed class AnswerJudge(LoadJob job)
{
    private readonly AnswerRules? _rules = AnswerRules.Of(job.Rules);
    private readonly int _expectedStatus = job.Payloads.Wire.ExpectedStatus;

    /// <summary>Reads the answers of one connection.</summary>
    public AnswerReader NewReader() => job.Payloads.Wire.NewReader(_rules);

    public Outcome Of(Connection c)
    {
        var status = c.Answers.Status;
        var meaning = c.Answers.Meaning;
        if (meaning is { } ruled and not OutcomeMeaning.Success) return AnswerMeaning.Of(ruled, status);
        if (status != _expectedStatus && meaning != OutcomeMeaning.Success) return AnswerMeaning.Of(status);
        return c.Answers.IsAnswer && c.Answers.BodyBytes >= (long)job.Payloads.Requests[c.Payload].Items * job.LeastBytesPerItem
            ? Outcome.Success
            : Outcome.WrongAnswer;
    }
}
