using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;
using ServeBench.Load.K6.Scripts;

namespace ServeBench.Load.Wire;

/// <summary>How the last message of a streamed answer is known. Where neither is given, the first message is also the last.</summary>
/// <param name="Text">It is exactly this text, or null.</param>
/// <param name="When">It is JSON in which this path yields true, or null.</param>
public sealed record StreamEnd(string? Text, JsonPath? When)
{
    /// <summary>Reads <c>last:</c> and <c>last-when:</c>.</summary>
    public static StreamEnd Read(YamlMapping response)
    {
        var (text, when) = (response.OptionalText("last"), ProtocolSection.OptionalPath(response, "last-when"));
        if (text is not null && when is not null)
            response.Fault("last-when", "an answer has one end, and `last` names it already", "Leave one of the two out");
        return new StreamEnd(text, when);
    }

    /// <summary>A message that is the last of an answer.</summary>
    internal string Example => Text ?? (When is null ? "{}" : When.Steps.Reverse().Aggregate("true", (inside, step) =>
        step.Member is { } member
            ? $"{{{ScriptModel.JsonText(member)}:{inside}}}"
            : $"[{string.Concat(Enumerable.Repeat("null,", step.Index ?? 0))}{inside}]"));

    /// <summary>The condition in a script under which a message is the last of an answer.</summary>
    internal string Condition(string message)
    {
        if (Text is { } text) return $"{message} === {ScriptModel.Quoted(text)}";
        if (When is not { } when) return "true";
        var path =
            string.Concat(when.Steps.Select(s => s.Member is { } member ? $"?.[{ScriptModel.Quoted(member)}]" : $"?.[{s.Index ?? 0}]"));
        return $"JSON.parse(String({message})){path} === true";
    }
}
