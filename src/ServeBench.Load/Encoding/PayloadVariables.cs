using System.Text.Json.Nodes;

namespace ServeBench.Load.Encoding;

/// <summary>What one request's template is filled with.</summary>
/// <param name="Items">Items in the request.</param>
/// <param name="Values">JSON values by the names that templates use.</param>
public sealed record PayloadVariables(int Items, IReadOnlyDictionary<string, JsonNode> Values);
