using ServeBench.Domain.Protocols;
using ServeBench.Load.Wire;

namespace ServeBench.Load.Tests.Encoding;

/// <summary>Protocols as k6/protocols would give them.</summary>
internal static class Protocols
{
    public static Protocol Embeddings { get; } = Http(
        "openai-embeddings",
        "/v1/embeddings",
        new JsonObjectTemplate(
        [
            new("model", new JsonPlaceholderTemplate("model")),
            new("input", new JsonPlaceholderTemplate("texts")),
            new("options", new JsonArrayTemplate([new JsonLiteralTemplate("1"), new JsonLiteralTemplate("\"float\""), new JsonLiteralTemplate("null")])),
        ]),
        Answer(Path("data[*]"), Path("data[*].embedding"), Path("usage.prompt_tokens")));

    /// <summary>Where an answer's items are, its vectors and its count of tokens; null for what it does not carry.</summary>
    public static JsonAnswer Answer(JsonPath items, JsonPath? embedding, JsonPath? tokens)
    {
        var parts = new List<JsonAnswer.Part>();
        if (embedding is not null) parts.Add(new(new("embedding", AnswerForm.Vectors), embedding));
        if (tokens is not null) parts.Add(new(new("input-tokens", AnswerForm.Count), tokens));
        return new JsonAnswer(items, parts);
    }

    public static Protocol Http(string name, string path, JsonTemplate body, JsonAnswer decoding, params (string, string)[] headers) => new()
    {
        Name = name,
        Title = name,
        Specification = "https://example.org",
        Payload = "text",
        Wire = new HttpJson(new HttpRequest("POST", path, headers.ToDictionary(h => h.Item1, h => h.Item2), new JsonBody(body)), 200, decoding),
    };

    public static JsonPath Path(string text) => JsonPath.TryParse(text, out var problem) ?? throw new ArgumentException(problem, nameof(text));
}
