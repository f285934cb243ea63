using System.Text.RegularExpressions;
using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Yaml;

namespace ServeBench.Hosts.Docker;

internal sealed partial class DockerHostSectionReader : ISectionReader
{
    public string Name => DockerHost.HostName;

    public IReadOnlyCollection<string> Placeholders { get; } =
        [Hosts.Placeholders.Port, Hosts.Placeholders.Cores, Hosts.Placeholders.Model, Hosts.Placeholders.ModelFolder, Hosts.Placeholders.ModelFile];

    public object Read(YamlMapping section, string folder)
    {
        var settings = new DockerHostSettings
        {
            Dockerfile = section.OptionalText("dockerfile") ?? "Dockerfile",
            Context = section.OptionalTexts("context"),
            Publish = section.TextMap("publish"),
            Arguments = section.OptionalTexts("arguments"),
            Environment = section.TextMap("environment"),
            Port = section.Integer("port", 1, 65535),
            ReadOnly = section.Flag("read-only", true),
            TemporaryFolders = section.OptionalTexts("tmpfs"),
            MemoryBytes = Memory(section),
            Gpus = section.OptionalText("gpus") is { } gpus and not "none" ? gpus : null,
            StartLimit = section.Duration("start-limit", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), TimeSpan.FromSeconds(60)),
            StopLimit = section.Duration("stop-limit", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10)),
        };
        CheckPath(section, "dockerfile", settings.Dockerfile, folder);
        foreach (var path in settings.Context) CheckPath(section, "context", path, folder);
        foreach (var path in settings.Publish.Keys.Where(p => p.Contains('/', StringComparison.Ordinal) || p is "." or ".."))
            section.Fault("publish", $"'{path}' is not the plain name of a folder", "Name a folder that the Dockerfile copies from, such as server");
        foreach (var path in settings.TemporaryFolders.Where(p => !p.StartsWith('/')))
            section.Fault("tmpfs", $"'{path}' is not an absolute path", "Name a folder of the container, such as /tmp");
        Hosts.Placeholders.Check(section, "arguments", settings.Arguments, Placeholders);
        Hosts.Placeholders.Check(section, "environment", settings.Environment.Values, Placeholders);
        section.Done();
        return settings;
    }

    private static void CheckPath(YamlMapping section, string key, string path, string folder)
    {
        if (path.Length == 0) return;
        var whole = Path.GetFullPath(path, folder);
        if (!whole.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            section.Fault(key, $"'{path}' leaves the stack's folder", "An image is built from the stack's own folder, and from programs named under publish");
        else if (!File.Exists(whole) && !Directory.Exists(whole))
            section.Fault(key, $"there is no '{path}' in the stack's folder", "Name a file or folder that lies there");
    }

    private static long? Memory(YamlMapping section)
    {
        const string Key = "memory";
        if (section.OptionalText(Key) is not { } text) return null;
        if (Size().Match(text) is { Success: true } match && long.TryParse(match.Groups[1].Value, out var number))
        {
            var bytes = number << (match.Groups[2].Value == "g" ? 30 : 20);
            if (bytes >= 16L << 20 && number <= 1 << 20) return bytes;
        }
        section.Fault(Key, $"'{text}' is not an amount of memory from 16m", "Write a whole number of mebibytes or gibibytes, such as 512m or 4g");
        return null;
    }

    [GeneratedRegex("^([0-9]+)([mg])$")]
    private static partial Regex Size();
}
