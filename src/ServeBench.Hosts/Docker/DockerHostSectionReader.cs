using System.Text.RegularExpressions;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;
using ServeBench.Hosts.Images;

namespace ServeBench.Hosts.Docker;

internal sealed partial class DockerHostSectionReader : ISectionReader
{
    public string Name => DockerHost.HostName;

    public IReadOnlyCollection<string> Placeholders { get; } =
        [
            Hosts.Placeholders.Port,
            Hosts.Placeholders.GrpcPort,
            Hosts.Placeholders.MetricsPort,
            Hosts.Placeholders.Cores,
            Hosts.Placeholders.Model,
            Hosts.Placeholders.ModelFolder,
            Hosts.Placeholders.ModelFile,
            Hosts.Placeholders.ModelRepository];

    public object Read(YamlMapping section, string folder)
    {
        var settings = new DockerHostSettings
        {
            Image = ImageSettings.Read(section, folder),
            Arguments = section.OptionalTexts("arguments"),
            Environment = section.TextMap("environment"),
            Ports = Ports.Read(section, mayBeFree: false).ToDictionary(p => p.Key, p => p.Value!.Value),
            ReadOnly = section.Flag("read-only", true),
            TemporaryFolders = section.OptionalTexts("tmpfs"),
            MemoryBytes = Memory(section, "memory"),
            SharedMemoryBytes = Memory(section, "shared-memory"),
            EntryPoint = section.OptionalText("entry-point"),
            Gpus = section.OptionalText("gpus") is { } gpus and not "none" ? gpus : null,
            StartLimit = section.Duration("start-limit", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), TimeSpan.FromSeconds(60)),
            StopLimit = section.Duration("stop-limit", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10)),
        };
        foreach (var path in settings.TemporaryFolders.Where(p => !p.StartsWith('/')))
            section.Fault("tmpfs", $"'{path}' is not an absolute path", "Name a folder of the container, such as /tmp");
        Hosts.Placeholders.Check(section, "arguments", settings.Arguments, Placeholders);
        Hosts.Placeholders.Check(section, "environment", settings.Environment.Values, Placeholders);
        section.Done();
        return settings;
    }

    private static long? Memory(YamlMapping section, string key)
    {
        if (section.OptionalText(key) is not { } text) return null;
        if (Size().Match(text) is { Success: true } match && long.TryParse(match.Groups[1].Value, out var number))
        {
            var bytes = number << (match.Groups[2].Value == "g" ? 30 : 20);
            if (bytes >= 16L << 20 && number <= 1 << 20) return bytes;
        }
        section.Fault(
            key, $"'{text}' is not an amount of memory from 16m", "Write a whole number of mebibytes or gibibytes, such as 512m or 4g");
        return null;
    }

    [GeneratedRegex("^([0-9]+)([mg])$")]
    private static partial Regex Size();
}
