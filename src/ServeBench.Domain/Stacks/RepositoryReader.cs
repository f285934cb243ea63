using ServeBench.Domain.Faults;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Stacks;

/// <summary>Reads the <c>model-repository:</c> of stack.yaml.</summary>
internal static class RepositoryReader
{
    private const string Section = "model-repository";

    private static readonly string[] Sources = ["model-file", "made", "template", "copy"];

    /// <param name="file">The stack's file.</param>
    /// <param name="folder">Absolute path of the stack's folder.</param>
    /// <param name="tracks">The stack's tracks: a template whose path names the track must be there for each.</param>
    public static IReadOnlyList<RepositoryFile> Read(YamlMapping file, string folder, IReadOnlyList<Track> tracks)
    {
        if (file.Has(Section)) return [.. file.NamedMappings(Section).Select(e => Entry(e.Name, e.Value, folder, tracks))];
        file.Node(Section);
        return [];
    }

    private static RepositoryFile Entry(string path, YamlMapping section, string folder, IReadOnlyList<Track> tracks)
    {
        var entry = new RepositoryFile(
            path,
            section.OptionalText(Sources[0]),
            section.OptionalText(Sources[1]),
            section.OptionalText(Sources[2]),
            section.OptionalText(Sources[3]),
            null);
        if (Sources.Count(section.Has) != 1)
            section.Fault(null, $"'{path}' must say once what it is", $"Give one of {string.Join(", ", Sources)}");
        if (!IsInside(path))
            section.Fault(
                null, $"'{path}' is no path inside of a folder", "Write names with / between them, such as ${model}/1/model.onnx");
        CheckPlaceholders(section, null, path);
        if (entry.ModelFile is { } name)
        {
            CheckPlaceholders(section, Sources[0], name);
            if (name.StartsWith('/') || name.Split('/').Contains(".."))
                section.Fault(Sources[0], $"'{name}' leaves the model's folder", "Name a file of the prepared model");
        }
        if (entry.Template is { } template) CheckTemplate(section, template, folder, tracks);
        section.Done();
        return entry.Copy is { } copy ? entry with { CopySha256 = Hash(section, copy, folder) } : entry;
    }

    private static bool IsInside(string path) => !path.StartsWith('/') && !path.Split('/').Any(p => p is "" or "." or "..");

    private static void CheckTemplate(YamlMapping section, string template, string folder, IReadOnlyList<Track> tracks)
    {
        string For(Track track) => Placeholder.Fill(template, n => n == RepositoryFile.Track ? track.Name : $"${{{n}}}");
        foreach (var name in tracks.Select(For).Distinct())
        {
            var whole = Path.GetFullPath(name, folder);
            if (!whole.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                section.Fault(Sources[2], $"'{name}' leaves the stack's folder", "A template lies in the stack's own folder");
            else if (!File.Exists(whole))
                section.Fault(
                    Sources[2],
                    $"there is no '{name}' in the stack's folder",
                    "Name a file that lies there; ${track} is the name of each track");
            else
                CheckPlaceholders(section, Sources[2], File.ReadAllText(whole));
        }
    }

    private static string? Hash(YamlMapping section, string copy, string folder)
    {
        var whole = Path.GetFullPath(copy, folder);
        if (!whole.StartsWith(Path.GetFullPath("../../..", folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            section.Fault(Sources[3], $"'{copy}' leaves the repository", "Copy what the repository holds");
        else if (File.Exists(whole))
            return ContentHash.OfFile(whole);
        else if (Directory.Exists(whole))
            return ContentHash.OfFolder(whole, RepositoryFile.IsSource);
        else
            section.Fault(Sources[3], $"there is no '{copy}', seen from the stack's folder", "Name a file or folder that lies there");
        return null;
    }

    private static void CheckPlaceholders(YamlMapping section, string? key, string text)
    {
        foreach (var name in Placeholder.NamesIn(text).Distinct())
        {
            if (name.StartsWith(RepositoryFile.Manifest, StringComparison.Ordinal))
            {
                if (JsonPath.TryParse(name[RepositoryFile.Manifest.Length..], out var problem) is null)
                    section.Fault(key, problem, "Write member names separated by dots, such as ${manifest:parameters}");
            }
            else if (!RepositoryFile.Placeholders.Contains(name))
                section.Fault(
                    key,
                    $"no placeholder of a model repository is called ${{{name}}}",
                    NearestName.Remedy(name, [.. RepositoryFile.Placeholders, RepositoryFile.Manifest]));
        }
    }
}
