using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Trials;
using ServeBench.Load;
using ServeBench.Load.Wire;
using ServeBench.Domain.Parity;
using ServeBench.Runs.Deploying;
using ServeBench.Runs.Payloads;

namespace ServeBench.Runs.Loading;

/// <summary>
/// Checks answers that were kept during a measured window against the raw runtime's own embedding of the same text, so that a
/// stack which answers wrongly only under load is found (method.md, rule 5).
/// </summary>
/// <param name="embed">The embedding of a text by the raw runtime; asked once per text.</param>
internal sealed class AnswerChecker(Func<string, float[]> embed)
{
    private readonly Dictionary<string, float[]> _expected = [];

    public AnswerChecks Check(IReadOnlyList<KeptAnswer> answers, WorkloadPayloads payloads, Protocol protocol, ParityLimits limits)
    {
        var wire = WireFormat.Of(protocol);
        var wrong = 0;
        string? first = null;
        foreach (var answer in answers)
        {
            if (Problem(wire, answer, payloads.Requests[answer.Payload], limits) is not { } problem) continue;
            wrong++;
            first ??= $"payload {answer.Payload}: {problem}";
        }
        return new AnswerChecks(answers.Count, wrong, first);
    }

    private string? Problem(WireFormat wire, KeptAnswer answer, IReadOnlyList<string> texts, ParityLimits limits)
    {
        if (!wire.TryDecode(answer, out var decoded, out var problem)) return problem;
        if (decoded.Embeddings is not { } embeddings || embeddings.Count != texts.Count) return $"{decoded.Items} items for {texts.Count} texts";
        for (var i = 0; i < texts.Count; i++)
        {
            if (!ParityCheck.Agrees(limits, Expected(texts[i]), embeddings[i]))
                return $"item {i} is not the embedding of its text (largest difference {EmbeddingDistance.Difference(Expected(texts[i]), embeddings[i]):0.######})";
        }
        return null;
    }

    private float[] Expected(string text) => _expected.TryGetValue(text, out var known) ? known : _expected[text] = embed(text);
}
