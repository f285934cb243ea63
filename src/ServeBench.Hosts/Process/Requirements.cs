using ServeBench.Domain.Yaml;

namespace ServeBench.Hosts.Process;

/// <summary>The <c>requires:</c> of a <c>process:</c> section: what the machine itself must have.</summary>
/// <param name="PythonModules">Top-level modules that the section's command, a Python, must be able to import; empty for none.</param>
/// <param name="ModulesOfGroups">Modules that it must be able to import, too, where it serves a group, by the group's name.</param>
/// <param name="Remedy">How to get them, as an imperative sentence.</param>
public sealed record Requirements(
    IReadOnlyList<string> PythonModules, IReadOnlyDictionary<string, IReadOnlyList<string>> ModulesOfGroups, string Remedy)
{
    /// <summary>Everything that is looked for, whatever group is served.</summary>
    internal IReadOnlyList<string> AllModules => [.. PythonModules.Concat(ModulesOfGroups.Values.SelectMany(m => m)).Distinct()];

    /// <summary>What is needed to serve some groups.</summary>
    internal IReadOnlyList<string> ModulesFor(IReadOnlyList<string> groups) =>
        [.. PythonModules.Concat(groups.SelectMany(g => ModulesOfGroups.GetValueOrDefault(g, []))).Distinct()];

    internal static Requirements? Read(YamlMapping section)
    {
        if (section.OptionalMapping("requires") is not { } requires) return null;
        var groups = requires.OptionalMapping("python-modules-of");
        var read = new Requirements(
            requires.Texts("python-modules"),
            (groups?.Keys ?? []).ToDictionary(g => g, g => groups!.Texts(g)),
            requires.OptionalText("remedy") ?? "Install them for that Python");
        groups?.Done();
        requires.Done();
        return read;
    }
}
