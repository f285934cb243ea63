using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Models;
using ServeBench.Models.Architectures;

namespace ServeBench.Models.Tests.Support;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string NodeModules => Path.Combine(Root, "node_modules");

    /// <summary>A card of the repository's own, read as the program reads it.</summary>
    public static ModelCard Card(string name)
    {
        // Only models and what they refer to are under test here: a root without stacks.
        using var root = new TemporaryFolder();
        foreach (var folder in new[] { "models", "k6" }) Copy(Path.Combine(Root, folder), Path.Combine(root.Path, folder));
        var catalogue = CatalogueReader.Read(new CatalogueFolders(root.Path), new CatalogueVocabulary([], KnownArchitectures.All));
        return catalogue.Model(name) with { Folder = Path.Combine(Root, "models", name) };
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServeBench.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException($"no ServeBench.slnx above {AppContext.BaseDirectory}");
    }
}
