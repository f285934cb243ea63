namespace ServeBench.Domain.Protocols;

/// <summary>
/// A path into a JSON answer: member names separated by dots, <c>[n]</c> for one element and <c>[*]</c> for every element
/// of an array, for example <c>data[*].value</c>; <c>[*]</c> alone when the answer itself is an array.
/// </summary>
public sealed record JsonPath
{
    private JsonPath(string text, IReadOnlyList<JsonPathStep> steps)
    {
        Text = text;
        Steps = steps;
    }

    public string Text { get; }

    public IReadOnlyList<JsonPathStep> Steps { get; }

    public bool Equals(JsonPath? other) => other is not null && other.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <returns>The path, or null with the reason in <paramref name="problem"/>.</returns>
    public static JsonPath? TryParse(string text, out string problem)
    {
        var steps = new List<JsonPathStep>();
        var at = 0;
        problem = "";
        while (at < text.Length)
        {
            if (text[at] == '[')
            {
                var close = text.IndexOf(']', at);
                var inside = close < 0 ? "" : text[(at + 1)..close];
                if (inside == "*") steps.Add(new JsonPathStep(null, null));
                else if (int.TryParse(inside, out var index) && index >= 0) steps.Add(new JsonPathStep(null, index));
                else
                {
                    problem = $"'{text}' has a bracket at character {at + 1} that holds neither * nor a number";
                    return null;
                }
                at = close + 1;
                continue;
            }
            if (text[at] == '.' && steps.Count > 0) at++;
            var end = at;
            while (end < text.Length && text[end] is not ('.' or '[')) end++;
            if (end == at)
            {
                problem = $"'{text}' has an empty member name at character {at + 1}";
                return null;
            }
            steps.Add(new JsonPathStep(text[at..end], null));
            at = end;
        }
        if (steps.Count > 0) return new JsonPath(text, steps);
        problem = "the path is empty";
        return null;
    }
}

/// <summary>One step: a member by name, an element by index, or (both null) every element.</summary>
public readonly record struct JsonPathStep(string? Member, int? Index);
