using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Protocols;

/// <summary>What the sections of protocol files hold, whatever their wire format: templates, paths, and the names of variables.</summary>
public static class ProtocolSection
{
    /// <summary>Where a protocol whose requests are messages has the template of one.</summary>
    public const string MessageKey = "request.message.json";

    /// <summary>The JSON template under <c>json:</c>.</summary>
    /// <param name="section">The section that has that key.</param>
    /// <param name="variables">What it may name.</param>
    public static JsonTemplate Template(YamlMapping section, IReadOnlyCollection<string> variables)
    {
        if (section.Node("json") is not { } node)
        {
            section.Fault("json", "this key is missing", "Give the JSON value that is sent, with ${placeholders}");
            return new JsonLiteralTemplate("null");
        }
        var template = JsonTemplateReader.Read(node, (problem, remedy) => section.Fault("json", problem, remedy));
        CheckVariables(section, "json", template.Placeholders, variables);
        return template;
    }

    /// <summary>The name of a variable, written alone as <c>${name}</c>.</summary>
    /// <param name="section">The section that has the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="variables">What it may name.</param>
    public static string Variable(YamlMapping section, string key, IReadOnlyCollection<string> variables)
    {
        var text = section.Text(key);
        if (text.Length == 0) return "";
        if (Placeholder.NamesIn(text).FirstOrDefault() is { } name && text == Placeholder.Of(name))
        {
            CheckVariables(section, key, [name], variables);
            return name;
        }
        section.Fault(key, $"'{text}' is not one variable", "Write it as ${name}, alone");
        return "";
    }

    /// <summary>A path on the server, which begins with a slash.</summary>
    /// <param name="section">The section that has the key.</param>
    /// <param name="variables">What it may name as <c>${name}</c>.</param>
    public static string ServerPath(YamlMapping section, IReadOnlyCollection<string> variables)
    {
        var path = section.Text("path");
        if (path.Length > 0 && !path.StartsWith('/')) section.Fault("path", $"'{path}' must begin with a slash");
        CheckVariables(section, "path", Placeholder.NamesIn(path), variables);
        return path;
    }

    /// <summary>A path into an answer; every element where it is missing, which is a fault.</summary>
    public static JsonPath RequiredPath(YamlMapping section, string key) =>
        Path(section, key, section.Text(key)) ?? JsonPath.TryParse("[*]", out _)!;

    /// <summary>A path into an answer; null where there is none.</summary>
    public static JsonPath? OptionalPath(YamlMapping section, string key) =>
        section.OptionalText(key) is { } text ? Path(section, key, text) : null;

    private static JsonPath? Path(YamlMapping section, string key, string text)
    {
        if (text.Length == 0) return null;
        if (JsonPath.TryParse(text, out var problem) is { } path) return path;
        section.Fault(key, problem, "Write member names separated by dots, [n] for one element, [*] for every element");
        return null;
    }

    private static void CheckVariables(YamlMapping at, string key, IEnumerable<string> used, IReadOnlyCollection<string> known)
    {
        foreach (var name in used.Where(n => !known.Contains(n)).Distinct())
            at.Fault(key, $"no variable is called ${{{name}}}", NearestName.Remedy(name, known));
    }
}
