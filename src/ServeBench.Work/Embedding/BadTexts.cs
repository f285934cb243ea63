using System.Text.Json.Nodes;

namespace ServeBench.Work.Embedding;

/// <summary>
/// What is no text to embed. An empty one is often found only when its batch is executed; what is no text at all, when the request is
/// read.
/// </summary>
internal static class BadTexts
{
    /// <param name="first">A good text.</param>
    /// <param name="second">Another.</param>
    public static IReadOnlyList<BadItem> Between(string first, string second)
    {
        BadItem Of(string shown, JsonValue bad) =>
            new(shown, new SpoiledTextRequest([bad]), new SpoiledTextRequest([JsonValue.Create(first), bad, JsonValue.Create(second)]));
        return [Of("an empty text", JsonValue.Create("")), Of("a number in the place of a text", JsonValue.Create(5))];
    }
}

/// <summary>A request for embeddings with something in it that is no text.</summary>
/// <param name="Entries">What is in the place of texts.</param>
internal sealed record SpoiledTextRequest(IReadOnlyList<JsonValue> Entries) : WorkRequest
{
    public override int Items => Entries.Count;

    public override string Identity => string.Join('\n', Entries.Select(e => e.ToJsonString()));

    public override int Size => Identity.Length;

    /// <summary>Copies each time: a node of JSON has one parent.</summary>
    public override IReadOnlyDictionary<string, JsonNode> Values
    {
        get
        {
            var values = new Dictionary<string, JsonNode>
            {
                [TextRequest.AllVariable] = new JsonArray([.. Entries.Select(e => e.DeepClone())]),
            };
            if (Entries.Count == 1) values[TextRequest.OneVariable] = Entries[0].DeepClone();
            return values;
        }
    }
}
