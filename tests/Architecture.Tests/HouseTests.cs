using System.Text.RegularExpressions;

namespace ServeBench.Architecture.Tests;

/// <summary>Rules of the house that a compiler does not know.</summary>
public partial class HouseTests
{
    private const int MostLines = 300;
    private const int MostColumns = 140;

    private static readonly string[] Folders = ["build", "src", "tests"];

    [Fact]
    public void No_file_is_longer_than_a_reader_wants() => Assert.All(
        Folders.SelectMany(Repository.Sources),
        file => Assert.True(file.Text.Count(c => c == '\n') <= MostLines, $"{file.Name} has more than {MostLines} lines: is it two things?"));

    [Fact]
    public void No_line_is_longer_than_a_screen_is_wide() => Assert.All(
        Repository.Sources("src").Concat(Repository.Sources("build")).SelectMany(f => f.Text.Split('\n').Select((l, i) => (f.Name, Number: i + 1, Line: l))),
        line => Assert.True(
            line.Line.TrimEnd('\r').Length <= MostColumns, $"{line.Name}({line.Number}) has more than {MostColumns} columns: wrap it"));

    /// <summary>Two types of one name make readers look twice; programs that share no code may each have their command line.</summary>
    [Fact]
    public void One_name_is_one_type()
    {
        string[] known = ["CommandLine", "Program", "SeededNoise"];
        var twice = Repository.Sources("src").Concat(Repository.Sources("build"))
            .SelectMany(f => TopLevelType().Matches(f.Text).Where(m => !m.Value.Contains(" partial ", StringComparison.Ordinal)).Select(m => (Name: $"{m.Groups["name"].Value}{m.Groups["generic"].Value}", File: f.Name)))
            .Where(t => !known.Contains(t.Name))
            .GroupBy(t => t.Name).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(t => t.File))}").ToArray();
        Assert.True(twice.Length == 0, $"more than one type is called {string.Join("; ", twice)}");
    }

    [Fact]
    public void Stacks_and_models_are_discovered_never_named_in_code()
    {
        var names = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", "stacks"))
            .Concat(Directory.EnumerateDirectories(Path.Combine(Repository.Root, "models"))).Select(d => Path.GetFileName(d)!).ToArray();
        Assert.NotEmpty(names);
        // Help and option examples show a user how a name looks; they decide nothing.
        string[] examples = ["build/Options/KnownOptions.cs", "build/Terminal/HelpText.cs"];
        // What published formats call an architecture, which one model happens to be called, too; and our server's names for interfaces that
        // are called as the servers that have them.
        string[] formats =
        [
            "src/ServeBench.Models/Architectures/Generation/Gpt2.cs", "src/ServeBench.Models/Store/Generation/Gpt2Gguf.cs",
            "src/ServeBench.Work/CheckpointConfiguration.cs",
            "src/ServeBench.OnnxServer/Pipelines/Embedding/Tei/TeiEndpoint.cs", "src/ServeBench.OnnxServer/Pipelines/Generation/Tgi/TgiEndpoint.cs",
        ];
        foreach (var (file, text) in Repository.Sources("src").Concat(Repository.Sources("build")).Where(f => !examples.Concat(formats).Contains(f.Name)))
        {
            var code = Comment().Replace(text, "");
            Assert.All(names, name => Assert.False(code.Contains($"\"{name}\"", StringComparison.Ordinal), $"{file} names {name}: stacks and models are found in their folders"));
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_has_a_lock_file()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "ServeBench.slnx"));
        foreach (var project in Folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository.Root, f), "*.csproj", SearchOption.AllDirectories)))
        {
            var name = Path.GetRelativePath(Repository.Root, project).Replace('\\', '/');
            Assert.Contains(name, solution, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), $"{name} has no packages.lock.json: restore it and commit that file");
        }
    }

    [Fact]
    public void Every_library_has_tests() => Assert.All(
        Repository.Projects.Keys.Where(p => p.StartsWith("ServeBench.", StringComparison.Ordinal) && p is not ("ServeBench.NullServer" or "ServeBench.Guard")), // programs, which other libraries' tests start
        project => Assert.True(Directory.Exists(Path.Combine(Repository.Root, "tests", $"{project}.Tests")), $"there is no tests/{project}.Tests"));

    [Fact]
    public void Every_stack_explains_itself() => Assert.All(
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", "stacks")),
        stack => Assert.True(File.Exists(Path.Combine(stack, "README.md")), $"{stack} has no README.md"));

    [Fact]
    public void Lock_files_name_no_address() => Assert.All(
        Directory.EnumerateFiles(Repository.Root, "package-lock.json").Concat(Folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository.Root, f), "packages*.lock.json", SearchOption.AllDirectories))),
        file => Assert.DoesNotContain("\"resolved\": \"http", File.ReadAllText(file), StringComparison.Ordinal));

    [GeneratedRegex(@"^(public|internal|file)[ \w]*? (record struct|record|class|struct|interface|enum) (?<name>\w+)(?<generic>(<[\w, ]+>)?)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^\s*///?.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
