using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;

namespace ServeBench.Hosts.Process;

/// <summary>The <c>process:</c> section of stack.yaml: how a stack runs as a process of this machine.</summary>
/// <param name="Programs">Folders or files whose content decides the results (programs, libraries); placeholders allowed.</param>
/// <param name="Command">The program; placeholders allowed.</param>
/// <param name="Arguments">Its arguments; placeholders allowed.</param>
/// <param name="Environment">Variables set for it; placeholders allowed in values.</param>
/// <param name="Port">A fixed port, or null for a free one.</param>
/// <param name="StartLimit">Longest time from launch to the first correct answer.</param>
/// <param name="StopLimit">Longest time to end by itself when asked to.</param>
public sealed record ProcessHostSettings(
    IReadOnlyList<string> Programs,
    string Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    int? Port,
    TimeSpan StartLimit,
    TimeSpan StopLimit);

internal sealed class ProcessHostSectionReader : ISectionReader
{
    public string Name => ProcessHost.HostName;

    public object Read(YamlMapping section, string folder)
    {
        var settings = new ProcessHostSettings(
            section.OptionalTexts("programs"),
            section.Text("command"),
            section.OptionalTexts("arguments"),
            section.TextMap("environment"),
            section.Has("port") ? section.Integer("port", 1, 65535) : null,
            section.Duration("start-limit", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), TimeSpan.FromSeconds(60)),
            section.Duration("stop-limit", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10)));
        foreach (var program in settings.Programs) Check(section, "programs", program, Placeholders.BeforeDeployment);
        Check(section, "command", settings.Command, Placeholders.BeforeDeployment);
        foreach (var argument in settings.Arguments) Check(section, "arguments", argument, Placeholders.All);
        foreach (var value in settings.Environment.Values) Check(section, "environment", value, Placeholders.All);
        section.Node("port");
        section.Done();
        return settings;
    }

    private static void Check(YamlMapping section, string key, string text, IReadOnlyCollection<string> known)
    {
        foreach (var name in Placeholders.In(text).Where(n => !known.Contains(n)))
            section.Fault(key, $"no placeholder is called ${{{name}}}", Domain.Faults.NearestName.Remedy(name, known));
    }
}
