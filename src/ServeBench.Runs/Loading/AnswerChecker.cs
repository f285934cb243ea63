using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Trials;
using ServeBench.Load;
using ServeBench.Runs.Payloads;
using ServeBench.Work;

namespace ServeBench.Runs.Loading;

/// <summary>
/// Checks answers that were kept during a measured window against what is expected of the same request, so that a stack which
/// answers wrongly only under load is found (method.md, rule 5).
/// </summary>
/// <param name="work">The kind of work.</param>
/// <param name="expectations">What is expected; null where nothing says, so that answers are read and not compared.</param>
internal sealed class AnswerChecker(WorkKind work, IExpectations? expectations) : IDisposable
{
    public AnswerChecks Check(IReadOnlyList<KeptAnswer> answers, WorkloadPayloads payloads, Protocol protocol, ParityLimits limits)
    {
        var reader = new ServedAnswerReader(protocol);
        var wrong = 0;
        string? first = null;
        expectations?.Prepare([.. answers.Select(a => payloads.Requests[a.Payload])]);
        foreach (var answer in answers)
        {
            if (Problem(reader, answer, payloads.Requests[answer.Payload], limits) is not { } problem) continue;
            wrong++;
            first ??= $"payload {answer.Payload}: {problem}";
        }
        return new AnswerChecks(answers.Count, wrong, first);
    }

    public void Dispose() => expectations?.Dispose();

    private string? Problem(ServedAnswerReader reader, KeptAnswer kept, WorkRequest request, ParityLimits limits)
    {
        var (answer, problem) = reader.Read(kept);
        if (answer is null) return problem;
        if (answer.Items != request.Items) return $"{answer.Items} items for {request.Items} {work.Nouns.Inputs}";
        if (expectations?.Of(request) is not { } expected) return null;
        for (var i = 0; i < expected.Count; i++)
        {
            var closeness = work.Compare(expected[i], answer, i);
            if (!ParityCheck.Agrees(work, limits, closeness))
                return $"item {i} is not what the raw runtime gives: "
                    + $"{closeness.Unusable ?? ParityCheck.Distances(work, limits, closeness)}";
        }
        return null;
    }
}
