using System.Net;
using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Load.Encoding;
using ServeBench.Load.Wire;

namespace ServeBench.Runs.Deploying;

/// <summary>Asks a deployed stack single questions, outside any measurement.</summary>
internal sealed class StackClient(IPEndPoint endpoint, Protocol protocol, string model)
{
    private readonly WireFormat _wire = WireFormat.Of(protocol);
    private readonly Func<PayloadVariables, RenderedRequest> _render = WireFormat.Of(protocol).Renderer(protocol.Name, endpoint);

    /// <returns>The embedding, or null with what went wrong.</returns>
    public async Task<(float[]? Embedding, string Problem)> EmbedAsync(string text, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            var request = _render(PayloadVariables.OfTexts(model, [text]));
            var answer = await _wire.AskAsync(endpoint, request, 0, limit, cancellationToken);
            if (!_wire.TryDecode(answer, out var decoded, out var problem)) return (null, problem);
            return decoded.Embeddings is [var embedding] ? (embedding, "") : (null, $"{decoded.Embeddings?.Count ?? 0} embeddings instead of one");
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Asks for every reference, one after the other.</summary>
    public async Task<List<(ReferenceAnswer Reference, float[]? Answer, string Problem)>> EmbedAllAsync(
        IReadOnlyList<ReferenceAnswer> references, TimeSpan limit, CancellationToken cancellationToken)
    {
        var answers = new List<(ReferenceAnswer, float[]?, string)>();
        foreach (var reference in references)
        {
            var (embedding, problem) = await EmbedAsync(reference.Text, limit, cancellationToken);
            answers.Add((reference, embedding, problem));
        }
        return answers;
    }
}
