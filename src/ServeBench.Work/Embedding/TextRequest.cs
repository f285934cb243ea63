using System.Text.Json.Nodes;

namespace ServeBench.Work.Embedding;

/// <summary>A request for the embeddings of some texts.</summary>
/// <param name="Texts">At least one.</param>
public sealed record TextRequest(IReadOnlyList<string> Texts) : WorkRequest
{
    /// <summary>Every text of the request, as an array.</summary>
    public const string AllVariable = "texts";

    /// <summary>The only text; not there when there are several.</summary>
    public const string OneVariable = "text";

    public override int Items => Texts.Count;

    public override string Identity => string.Join('\n', Texts);

    public override int Size => Texts.Sum(t => t.Length);

    public override IReadOnlyDictionary<string, JsonNode> Values
    {
        get
        {
            var values = new Dictionary<string, JsonNode> { [AllVariable] = new JsonArray([.. Texts.Select(t => JsonValue.Create(t))]) };
            if (Texts.Count == 1) values[OneVariable] = JsonValue.Create(Texts[0]);
            return values;
        }
    }
}
