using ServeBench.Domain.Protocols;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Stacks;

/// <summary>
/// Reads a condition on a body or an event: <c>{ path: error.type, equals: overloaded }</c>, <c>{ text: queue is full }</c>.
/// </summary>
internal static class BodyConditionReader
{
    private const string Path = "path";
    private const string Value = "equals";

    /// <returns>The condition under a key; null where there is none.</returns>
    public static BodyCondition? Read(YamlMapping above, string key)
    {
        if (above.OptionalMapping(key) is not { } section) return null;
        var condition = new BodyCondition(
            ProtocolSection.OptionalPath(section, Path), ValueOf(section), section.TextOrTexts("text"), section.TextOrTexts("without"));
        if (condition.Value is not null && !section.Has(Path))
            section.Fault(Value, "nothing says what must be equal to it", "Give path: too, or text: for what the whole body must hold");
        if (condition.Path?.Steps[0].Member == "$")
            section.Fault(Path, $"'{condition.Path}' begins with $", "Leave the $ out: a path begins at the whole answer");
        if (section.Keys.Count == 0) section.Fault(null, "this condition says nothing", "Give path, text or without");
        section.Done();
        return condition;
    }

    /// <summary>Numbers and flags may be written as they are in JSON: they are compared as text.</summary>
    private static string? ValueOf(YamlMapping section)
    {
        if (section.Node(Value) is not { } node) return null;
        if (node is YamlDotNet.RepresentationModel.YamlScalarNode { Value: { } text }) return text;
        section.Fault(Value, "this must be a single value", "Give a text, a number, true or false");
        return null;
    }
}
