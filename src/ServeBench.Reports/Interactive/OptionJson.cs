using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServeBench.Reports.Interactive;

/// <summary>Builds the JSON of options out of anonymous objects.</summary>
internal static class OptionJson
{
    public static JsonObject Node(object value) => JsonSerializer.SerializeToNode(value)!.AsObject();

    public static JsonArray Array(IEnumerable<JsonNode> nodes) => new([.. nodes]);
}
