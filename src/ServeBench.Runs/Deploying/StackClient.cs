using System.Net;
using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Load;
using ServeBench.Load.Encoding;

namespace ServeBench.Runs.Deploying;

/// <summary>Asks a deployed stack single questions, outside any measurement.</summary>
internal sealed class StackClient(IPEndPoint endpoint, Protocol protocol, string model)
{
    private readonly AnswerDecoder _decoder = new(protocol);
    private readonly RequestRenderer _renderer = new(protocol, endpoint);

    /// <returns>The embedding, or null with what went wrong.</returns>
    public async Task<(float[]? Embedding, string Problem)> EmbedAsync(string text, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            var request = _renderer.Render(PayloadVariables.OfTexts(model, [text]));
            var answer = await SingleExchange.AskAsync(endpoint, request, 0, limit, cancellationToken);
            if (!_decoder.TryDecode(answer.Status, answer.Body, out var decoded, out var problem)) return (null, problem);
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
