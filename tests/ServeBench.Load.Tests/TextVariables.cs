using System.Text.Json.Nodes;
using ServeBench.Load.Encoding;

namespace ServeBench.Load.Tests;

internal static class TextVariables
{
    extension(PayloadVariables)
    {
        /// <summary>Variables of a request of texts: <c>model</c>, <c>texts</c>, and <c>text</c> when there is just one.</summary>
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
}
