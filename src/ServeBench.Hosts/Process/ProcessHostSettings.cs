using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;

namespace ServeBench.Hosts.Process;

/// <summary>The <c>process:</c> section of stack.yaml: how a stack runs as a process of this machine.</summary>
/// <param name="Programs">Folders or files whose content decides the results (programs, libraries); placeholders allowed.</param>
/// <param name="Command">The program; placeholders allowed.</param>
/// <param name="Arguments">Its arguments; placeholders allowed.</param>
/// <param name="Environment">Variables set for it; placeholders allowed in values.</param>
/// <param name="Ports">Ports by endpoint; null for a free one, chosen at each start.</param>
/// <param name="StartLimit">Longest time from launch to the first correct answer.</param>
/// <param name="StopLimit">Longest time to end by itself when asked to.</param>
/// <param name="Requires">What the machine must have for it; null for nothing in particular.</param>
public sealed record ProcessHostSettings(
    IReadOnlyList<string> Programs,
    string Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyDictionary<string, int?> Ports,
    TimeSpan StartLimit,
    TimeSpan StopLimit,
    Requirements? Requires);

internal sealed class ProcessHostSectionReader : ISectionReader
{
    private static readonly string[] BeforeDeployment = [Hosts.Placeholders.Bin, Hosts.Placeholders.StackFolder];

    public string Name => ProcessHost.HostName;

    public IReadOnlyCollection<string> Placeholders { get; } =
        [
            .. BeforeDeployment,
            Hosts.Placeholders.DeploymentFolder,
            Hosts.Placeholders.Port,
            Hosts.Placeholders.GrpcPort,
            Hosts.Placeholders.MetricsPort,
            Hosts.Placeholders.Cores,
            Hosts.Placeholders.ModelFolder,
            Hosts.Placeholders.Model,
            Hosts.Placeholders.ModelFile,
            Hosts.Placeholders.ModelRepository];

    public object Read(YamlMapping section, string folder)
    {
        var settings = new ProcessHostSettings(
            section.OptionalTexts("programs"),
            section.Text("command"),
            section.OptionalTexts("arguments"),
            section.TextMap("environment"),
            Hosts.Ports.Read(section, mayBeFree: true),
            section.Duration("start-limit", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), TimeSpan.FromSeconds(60)),
            section.Duration("stop-limit", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10)),
            Requirements.Read(section));
        Hosts.Placeholders.Check(section, "programs", settings.Programs, BeforeDeployment);
        Hosts.Placeholders.Check(section, "command", [settings.Command], BeforeDeployment);
        Hosts.Placeholders.Check(section, "arguments", settings.Arguments, Placeholders);
        Hosts.Placeholders.Check(section, "environment", settings.Environment.Values, Placeholders);
        section.Done();
        return settings;
    }
}
