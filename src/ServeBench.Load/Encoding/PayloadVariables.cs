using System.Text.Json.Nodes;

namespace ServeBench.Load.Encoding;

/// <summary>What one request's template is filled with.</summary>
/// <param name="Items">Items in the request.</param>
/// <param name="Values">JSON values by the names that templates use.</param>
public sealed record PayloadVariables(int Items, IReadOnlyDictionary<string, JsonNode> Values)
{
    /// <summary>The variables of a <c>text</c> payload: <c>model</c>, <c>texts</c>, and <c>text</c> when there is just one.</summary>
    public static PayloadVariables OfTexts(string model, IReadOnlyList<string> texts)
    {
        var values = new Dictionary<string, JsonNode>
        {
            ["model"] = JsonValue.Create(model),
            ["texts"] = new JsonArray([.. texts.Select(t => JsonValue.Create(t))]),
        };
        if (texts.Count == 1) values["text"] = JsonValue.Create(texts[0]);
        return new PayloadVariables(texts.Count, values);
    }
}
