using System.Xml.Linq;

namespace ServeBench.Architecture.Tests;

/// <summary>The checkout, as text.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Projects by name, with the projects they reference.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Projects { get; } = Directory
        .EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Append(Path.Combine(Root, "build", "Build.csproj"))
        .ToDictionary(
            p => Path.GetFileNameWithoutExtension(p)!,
            p => (IReadOnlyList<string>)[.. XDocument.Load(p).Descendants("ProjectReference").Where(r => (string?)r.Attribute("ReferenceOutputAssembly") != "false")
                .Select(r => Path.GetFileNameWithoutExtension(((string)r.Attribute("Include")!).Replace('\\', '/')))]);

    /// <summary>C# files of a folder, with their text; generated ones left out.</summary>
    public static IEnumerable<(string Name, string Text)> Sources(string folder) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(f => (Path.GetRelativePath(Root, f).Replace('\\', '/'), File.ReadAllText(f)));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ServeBench.slnx"))) folder = folder.Parent;
        return folder.FullName;
    }
}
