using System.Text.RegularExpressions;

namespace ServeBench.Architecture.Tests;

/// <summary>The folders of ServeBench.Runs are stages and what they need: each can be read without those that use it.</summary>
public partial class RunFolderTests
{
    private const string Project = "src/ServeBench.Runs";

    [Fact]
    public void No_two_folders_import_each_other_on_whatever_way()
    {
        var imports = Imports();
        Assert.Contains("Deploying", imports["Loading"]);
        Assert.All(imports.Keys, folder => Assert.False(Reached(imports, folder).Contains(folder), $"{Project}/{folder} imports itself by way of {string.Join(", ", Reached(imports, folder))}"));
    }

    [Fact]
    public void A_circle_is_found() =>
        Assert.Contains("A", Reached(new() { ["A"] = ["B"], ["B"] = ["C"], ["C"] = ["A"] }, "A"));

    private static Dictionary<string, HashSet<string>> Imports() => Repository.Sources(Project)
        .Where(f => f.Name[(Project.Length + 1)..].Contains('/', StringComparison.Ordinal))
        .GroupBy(f => f.Name[(Project.Length + 1)..].Split('/')[0])
        .ToDictionary(g => g.Key, g => g.SelectMany(f => Using().Matches(f.Text).Select(m => m.Groups["folder"].Value)).Where(n => n != g.Key).ToHashSet());

    private static HashSet<string> Reached(Dictionary<string, HashSet<string>> imports, string folder)
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(imports[folder]);
        while (open.TryDequeue(out var next))
        {
            if (reached.Add(next)) foreach (var further in imports.GetValueOrDefault(next) ?? []) open.Enqueue(further);
        }
        return reached;
    }

    [GeneratedRegex(@"^using ServeBench\.Runs\.(?<folder>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Using();
}
