using ServeBench.Domain.Yaml;

namespace ServeBench.Hosts.Process;

/// <summary>The <c>requires:</c> of a <c>process:</c> section: what the machine itself must have.</summary>
/// <param name="PythonModules">Top-level modules that the section's command, a Python, must be able to import; empty for none.</param>
/// <param name="Remedy">How to get them, as an imperative sentence.</param>
public sealed record Requirements(IReadOnlyList<string> PythonModules, string Remedy)
{
    internal static Requirements? Read(YamlMapping section)
    {
        if (section.OptionalMapping("requires") is not { } requires) return null;
        var read = new Requirements(requires.Texts("python-modules"), requires.OptionalText("remedy") ?? "Install them for that Python");
        requires.Done();
        return read;
    }
}
