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
            Shared = section.TextMap("shared"),
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
        foreach (var (name, path) in settings.Shared) CheckShared(section, name, path, folder);
        foreach (var path in settings.Publish.Keys.Where(p => !IsPlain(p)))
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

    /// <summary>Stacks lie in src/stacks of the repository, so the folder three above a stack's is the repository's.</summary>
    private static void CheckShared(YamlMapping section, string name, string path, string folder)
    {
        const string Key = "shared";
        var whole = Path.GetFullPath(path, folder);
        if (!IsPlain(name))
            section.Fault(Key, $"'{name}' is not the plain name of a file or folder", "Name what the Dockerfile copies, and after the colon where it lies");
        else if (!whole.StartsWith(Path.GetFullPath("../../..", folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            section.Fault(Key, $"'{path}' leaves the repository", "An image is built from what the repository holds");
        else if (!File.Exists(whole) && !Directory.Exists(whole))
            section.Fault(Key, $"there is no '{path}', seen from the stack's folder", "Name a file or folder that lies there, such as ../shared-python/embedding_server");
    }

    private static bool IsPlain(string name) => !name.Contains('/', StringComparison.Ordinal) && name is not "." and not "..";

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
