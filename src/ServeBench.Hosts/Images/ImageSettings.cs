using ServeBench.Domain.Yaml;

namespace ServeBench.Hosts.Images;

/// <summary>How a stack's image is made: the part of a section of stack.yaml that hosts with images share.</summary>
public sealed record ImageSettings
{
    private const string PublishedKey = "image";

    private static readonly string[] OfBuilding = ["dockerfile", "context", "shared", "publish"];

    /// <summary>The image that its makers publish, by its whole name with a tag or a digest; null for one that is built here.</summary>
    public string? Published { get; init; }

    /// <summary>Path of the Dockerfile, relative to the stack's folder; of no meaning for a published image.</summary>
    public required string Dockerfile { get; init; }

    /// <summary>Files and folders of the stack's folder that make up the build's context, besides the Dockerfile.</summary>
    public required IReadOnlyList<string> Context { get; init; }

    /// <summary>
    /// Files and folders that several stacks use: name in the context to place, relative to the stack's folder and inside of the
    /// repository.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Shared { get; init; }

    /// <summary>Folders of the context that hold a program of this repository, published for the image: folder to project.</summary>
    public required IReadOnlyDictionary<string, string> Publish { get; init; }

    /// <summary>What a registry must give for it: the published image, or those that it is built on and that are not made here.</summary>
    /// <param name="folder">Absolute path of the stack's folder.</param>
    internal IEnumerable<string> FromRegistries(string folder) => Published is { } image
        ? [image]
        : Images.Dockerfile.Bases(File.ReadAllText(Path.Combine(folder, Dockerfile))).Where(b => !BaseImageMaker.IsDebians(b));

    /// <summary>Reads its keys of a host's section, and leaves the others.</summary>
    /// <param name="section">The section.</param>
    /// <param name="folder">Absolute path of the stack's folder.</param>
    internal static ImageSettings Read(YamlMapping section, string folder)
    {
        var settings = new ImageSettings
        {
            Dockerfile = section.OptionalText("dockerfile") ?? "Dockerfile",
            Context = section.OptionalTexts("context"),
            Shared = section.TextMap("shared"),
            Publish = section.TextMap("publish"),
        };
        if (section.OptionalText(PublishedKey) is { } published) return OfPublished(section, settings, published);
        CheckPath(section, "dockerfile", settings.Dockerfile, folder);
        foreach (var path in settings.Context) CheckPath(section, "context", path, folder);
        foreach (var (name, path) in settings.Shared) CheckShared(section, name, path, folder);
        foreach (var path in settings.Publish.Keys.Where(p => !IsPlain(p)))
            section.Fault(
                "publish",
                $"'{path}' is not the plain name of a folder",
                "Name a folder that the Dockerfile copies from, such as server");
        return settings;
    }

    private static ImageSettings OfPublished(YamlMapping section, ImageSettings settings, string image)
    {
        foreach (var key in OfBuilding.Where(section.Has))
            section.Fault(key, $"nothing is built where {PublishedKey} names one that is published", $"Leave out {key} or {PublishedKey}");
        var name = image[(image.LastIndexOf('/') + 1)..];
        if (!name.Contains('@', StringComparison.Ordinal)
            && (name.IndexOf(':', StringComparison.Ordinal) < 0 || name.EndsWith(":latest", StringComparison.Ordinal)))
            section.Fault(
                PublishedKey,
                $"'{image}' may be another image tomorrow",
                "Name a version as its tag, such as example/server:1.2.3, or its digest behind an @");
        return settings with { Published = image };
    }

    private static void CheckPath(YamlMapping section, string key, string path, string folder)
    {
        if (path.Length == 0) return;
        var whole = Path.GetFullPath(path, folder);
        if (!whole.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            section.Fault(
                key,
                $"'{path}' leaves the stack's folder",
                "An image is built from the stack's own folder, and from programs named under publish");
        else if (!File.Exists(whole) && !Directory.Exists(whole))
            section.Fault(key, $"there is no '{path}' in the stack's folder", "Name a file or folder that lies there");
    }

    /// <summary>Stacks lie in src/stacks of the repository, so the folder three above a stack's is the repository's.</summary>
    private static void CheckShared(YamlMapping section, string name, string path, string folder)
    {
        const string Key = "shared";
        var whole = Path.GetFullPath(path, folder);
        if (!IsPlain(name))
            section.Fault(
                Key,
                $"'{name}' is not the plain name of a file or folder",
                "Name what the Dockerfile copies, and after the colon where it lies");
        else if (!whole.StartsWith(Path.GetFullPath("../../..", folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            section.Fault(Key, $"'{path}' leaves the repository", "An image is built from what the repository holds");
        else if (!File.Exists(whole) && !Directory.Exists(whole))
            section.Fault(
                Key,
                $"there is no '{path}', seen from the stack's folder",
                "Name a file or folder that lies there, such as app/ or ../shared-python");
    }

    private static bool IsPlain(string name) => !name.Contains('/', StringComparison.Ordinal) && name is not "." and not "..";
}
