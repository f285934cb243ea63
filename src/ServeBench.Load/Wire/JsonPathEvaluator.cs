using System.Text.Json;
using ServeBench.Domain.Protocols;

namespace ServeBench.Load.Wire;

/// <summary>Follows a <see cref="JsonPath"/> into an answer.</summary>
public static class JsonPathEvaluator
{
    /// <summary>The sum of the numbers that a path yields; null when it yields none, or the text is not what it asks for.</summary>
    public static double? Sum(string json, JsonPath path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            double? sum = null;
            Visit(document.RootElement, path, mayLack: true, (value, at) => sum = value.ValueKind == JsonValueKind.Number
                ? (sum ?? 0) + value.GetDouble()
                : throw Wrong(value, path, at, "a number"));
            return sum;
        }
        catch (Exception e) when (e is JsonException or AnswerShapeException)
        {
            return null;
        }
    }

    /// <summary>The first value that a path yields, as text; null when it yields none.</summary>
    public static string? Text(JsonElement root, JsonPath path)
    {
        try
        {
            string? text = null;
            Visit(root, path, mayLack: true, (value, _) => text ??= value.ToString());
            return text;
        }
        catch (AnswerShapeException)
        {
            return null;
        }
    }

    /// <summary>Calls <paramref name="found"/> with every value that the path yields and its place.</summary>
    /// <param name="root">The answer, or a part of it.</param>
    /// <param name="path">What is looked for.</param>
    /// <param name="mayLack">Whether members and elements may be missing, or null; they yield nothing then.</param>
    /// <param name="found">Gets each value and its place.</param>
    /// <exception cref="AnswerShapeException">when the answer has not got what a step asks for; the message says where.</exception>
    internal static void Visit(JsonElement root, JsonPath path, bool mayLack, Action<JsonElement, string> found) =>
        Visit(root, path, 0, "", mayLack, found);

    /// <summary>
    /// Whether the path yields true; false too where the value has not got what a step asks for. Of every element, it looks at
    /// the first.
    /// </summary>
    internal static bool IsTrue(JsonElement element, JsonPath path)
    {
        foreach (var (member, index) in path.Steps)
        {
            if (member is not null)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(member, out element)) return false;
                continue;
            }
            if (element.ValueKind != JsonValueKind.Array || (index ?? 0) >= element.GetArrayLength()) return false;
            element = element[index ?? 0];
        }
        return element.ValueKind == JsonValueKind.True;
    }

    /// <summary>A value's kind as an error names it.</summary>
    internal static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {element.GetRawText()}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private static void Visit(JsonElement element, JsonPath path, int step, string at, bool mayLack, Action<JsonElement, string> found)
    {
        if (step == path.Steps.Count)
        {
            found(element, at);
            return;
        }
        if (mayLack && element.ValueKind == JsonValueKind.Null) return;
        var (member, index) = path.Steps[step];
        if (member is not null)
        {
            if (element.ValueKind != JsonValueKind.Object) throw Wrong(element, path, at, "an object");
            if (!element.TryGetProperty(member, out var value))
            {
                if (mayLack) return;
                throw new AnswerShapeException($"{Place(at)} has no member '{member}' (looked for {path})");
            }
            Visit(value, path, step + 1, at.Length == 0 ? member : $"{at}.{member}", mayLack, found);
            return;
        }
        if (element.ValueKind != JsonValueKind.Array) throw Wrong(element, path, at, "an array");
        var length = element.GetArrayLength();
        if (index is { } one)
        {
            if (one >= length && mayLack) return;
            if (one >= length)
                throw new AnswerShapeException($"{Place(at)} has length {length}, so nothing at [{one}] (looked for {path})");
            Visit(element[one], path, step + 1, $"{at}[{one}]", mayLack, found);
            return;
        }
        var i = 0;
        foreach (var item in element.EnumerateArray()) Visit(item, path, step + 1, $"{at}[{i++}]", mayLack, found);
    }

    private static AnswerShapeException Wrong(JsonElement element, JsonPath path, string at, string wanted) =>
        new($"{Place(at)} is {Kind(element)} instead of {wanted} (looked for {path})");

    private static string Place(string at) => at.Length == 0 ? "the answer" : at;
}

/// <summary>An answer is not what its protocol describes.</summary>
internal sealed class AnswerShapeException(string message) : Exception(message);
