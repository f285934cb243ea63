using ServeBench.Domain.Protocols;

namespace ServeBench.Domain.Stacks;

/// <summary>A condition on a body, or on the data of one event. Everything given must hold.</summary>
/// <param name="Path">Must yield a value that is not null, where the body is JSON; null for a condition on the body as text.</param>
/// <param name="Value">What the path's first value must be, as text: a string itself, anything else as it is written.</param>
/// <param name="Text">At least one of these must be there: in the path's first value, else in the body; none for no such condition.</param>
/// <param name="Without">None of these may be there; looked for in the same place.</param>
public sealed record BodyCondition(JsonPath? Path, string? Value, IReadOnlyList<string> Text, IReadOnlyList<string> Without)
{
    /// <summary>As an error names it: <c>status = Healthy</c>, <c>"ready"</c>, <c>without "loading"</c>.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Path is not null) parts.Add(Value is null ? $"{Path} is there" : $"{Path} = {Value}");
        if (Text.Count > 0) parts.Add(string.Join(" or ", Text.Select(t => $"\"{t}\"")));
        if (Without.Count > 0) parts.Add($"without {string.Join(" and ", Without.Select(t => $"\"{t}\""))}");
        return string.Join(", ", parts);
    }
}
