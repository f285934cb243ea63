using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.Wire;

/// <summary>How the last message of a streamed answer is known. Where nothing is given, the first message is also the last.</summary>
/// <param name="Text">It is exactly this text, or null.</param>
/// <param name="When">It is JSON in which this path yields true, or null.</param>
public sealed record StreamEnd(string? Text, JsonPath? When)
{
    /// <summary>It is JSON in which this path yields anything but null, or null.</summary>
    public JsonPath? Has { get; init; }

    /// <summary>Reads <c>last:</c>, <c>last-when:</c> and <c>last-has:</c>.</summary>
    public static StreamEnd Read(YamlMapping response)
    {
        var end = new StreamEnd(response.OptionalText("last"), ProtocolSection.OptionalPath(response, "last-when"))
        {
            Has = ProtocolSection.OptionalPath(response, "last-has"),
        };
        string[] named = [.. new[] { ("last", (object?)end.Text), ("last-when", end.When), ("last-has", end.Has) }
            .Where(k => k.Item2 is not null).Select(k => k.Item1)];
        if (named.Length > 1)
            response.Fault(named[^1], $"an answer has one end, and `{named[0]}` names it already", "Leave one of them out");
        return end;
    }

    /// <summary>A message that is the last of an answer.</summary>
    internal string Example => Text ?? ((When ?? Has) is not { } path ? "{}" : path.Steps.Reverse().Aggregate("true", (inside, step) =>
        step.Member is { } member
            ? $"{{{ScriptModel.JsonText(member)}:{inside}}}"
            : $"[{string.Concat(Enumerable.Repeat("null,", step.Index ?? 0))}{inside}]"));

    /// <summary>The condition in a script under which a message is the last of an answer.</summary>
    internal string Condition(string message)
    {
        if (Text is { } text) return $"{message} === {ScriptModel.Quoted(text)}";
        if ((When ?? Has) is not { } where) return "true";
        var path =
            string.Concat(where.Steps.Select(s => s.Member is { } member ? $"?.[{ScriptModel.Quoted(member)}]" : $"?.[{s.Index ?? 0}]"));
        return $"{(When is null ? "(" : "")}JSON.parse(String({message})){path} {(When is null ? "?? null) !== null" : "=== true")}";
    }
}
