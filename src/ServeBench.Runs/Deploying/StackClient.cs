using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Targets;
using ServeBench.Load.Encoding;
using ServeBench.Load.Tls;
using ServeBench.Load.Wire;
using ServeBench.Runs.Payloads;
using ServeBench.Work;

namespace ServeBench.Runs.Deploying;

/// <summary>Asks a deployed stack single questions, outside any measurement.</summary>
/// <param name="rules">What the stack says that its answers mean.</param>
internal sealed class StackClient(ServerTarget target, Protocol protocol, string model, IReadOnlyList<OutcomeRule> rules)
{
    private readonly WireFormat _wire = WireFormat.Of(protocol);
    private readonly ServedAnswerReader _answers = new(protocol);
    private readonly Func<PayloadVariables, RenderedRequest> _render = WireFormat.Of(protocol).Renderer(protocol.Name, target);

    /// <summary>
    /// Whether the last question got no answer and will get none: its certificate is refused, or it refuses us, sends us elsewhere or does
    /// not know what was asked.
    /// </summary>
    public bool HasRefused { get; private set; }

    /// <returns>The answer, or null with what went wrong.</returns>
    public async Task<(ServedAnswer? Answer, string Problem)> AskAsync(
        WorkRequest question, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            var request = _render(WorkloadPayloads.VariablesOf(model, question).AskedOf(target));
            var answer = await _wire.AskAsync(target, request, 0, limit, rules, cancellationToken);
            var (given, problem) = _answers.Read(answer);
            HasRefused = given is null && IsRefusal(answer.Status);
            return given is null || given.Items == question.Items
                ? (given, problem)
                : (null, $"{given.Items} items instead of {question.Items}");
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            HasRefused = e is TlsRefusedException;
            return (null, e.Message);
        }
    }

    /// <summary>A redirection, which is not followed, or what a client is told: of HTTP, or of gRPC.</summary>
    private static bool IsRefusal(int status) =>
        status is (>= 300 and < 500 and not (408 or 409 or 423 or 425 or 429))
            or 3 or 5 or 7 or 12 or 16; // INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED

    /// <summary>Asks for every reference, one after the other.</summary>
    /// <param name="references">What is asked.</param>
    /// <param name="limit">Of each.</param>
    /// <param name="untilUnanswered">Whether to stop at the first that is not answered.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<List<(Reference Reference, ServedAnswer? Answer, string Problem)>> AskAllAsync(
        IReadOnlyList<Reference> references, TimeSpan limit, bool untilUnanswered, CancellationToken cancellationToken)
    {
        var answers = new List<(Reference, ServedAnswer?, string)>();
        foreach (var reference in references)
        {
            var (answer, problem) = await AskAsync(reference.Request, limit, cancellationToken);
            answers.Add((reference, answer, problem));
            if (answer is null && untilUnanswered) break;
        }
        return answers;
    }
}
