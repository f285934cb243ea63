using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace ServeBench.Work;

/// <summary>The values of a request of which each is large: made when it is asked for, and anew every time.</summary>
/// <param name="makers">By name, what makes the value.</param>
public sealed class LazyValueDictionary(IReadOnlyDictionary<string, Func<JsonNode>> makers) : IReadOnlyDictionary<string, JsonNode>
{
    public IEnumerable<string> Keys => makers.Keys;

    public IEnumerable<JsonNode> Values => makers.Values.Select(make => make());

    public int Count => makers.Count;

    public JsonNode this[string key] => makers[key]();

    public bool ContainsKey(string key) => makers.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonNode value)
    {
        value = makers.TryGetValue(key, out var make) ? make() : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, JsonNode>> GetEnumerator() =>
        makers.Select(m => KeyValuePair.Create(m.Key, m.Value())).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
