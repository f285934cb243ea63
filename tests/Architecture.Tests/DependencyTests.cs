namespace ServeBench.Architecture.Tests;

/// <summary>Who may import whom, and why (docs/architecture.md).</summary>
public class DependencyTests
{
    private static readonly Dictionary<string, (string[] May, string Why)> Rules = new()
    {
        ["ServeBench.Domain"] = ([], "it says what a benchmark is and knows nothing else"),
        ["ServeBench.Guard"] = ([], "it is one system call, and then a shell"),
        ["ServeBench.Processes"] = (["ServeBench.Domain", "ServeBench.Guard"], "it runs commands, whosever they are"),
        ["ServeBench.Platform"] = ([], "it is the system's clock, calls and event queue, and knows nothing of what they are for"),
        ["ServeBench.Models"] = (["ServeBench.Domain"], "models are prepared without any host or load"),
        ["ServeBench.Load"] = (["ServeBench.Domain", "ServeBench.Platform", "ServeBench.Processes"], "a driver needs an address, not a deployment; Processes runs k6"),
        ["ServeBench.Measurement"] = (["ServeBench.Domain"], "numbers are computed from stored facts alone"),
        ["ServeBench.Hosts"] = (["ServeBench.Domain", "ServeBench.Processes"], "a host starts stacks and knows nothing of what they are asked"),
        ["ServeBench.Work"] = (["ServeBench.Domain", "ServeBench.Models"], "what is asked and what is right depends on no server, no wire format and no measurement"),
        ["ServeBench.Runs"] = (["ServeBench.Domain", "ServeBench.Processes", "ServeBench.Models", "ServeBench.Work", "ServeBench.Hosts", "ServeBench.Load", "ServeBench.Measurement"], "it puts the rooms together, and reports are none of its business"),
        ["ServeBench.Reports"] = (["ServeBench.Domain", "ServeBench.Measurement"], "it renders again from stored results with no host, no server and no network; Processes runs Node"),
        ["ServeBench.OnnxServer"] = (["ServeBench.Models"], "a stack is a program of its own and must not know that it is being measured"),
        ["ServeBench.NullServer"] = (["ServeBench.Domain", "ServeBench.Platform"], "what checks the driver must not share the driver's mistakes; it reads its command line as all do"),
    };

    [Fact]
    public void Every_project_imports_only_what_it_may()
    {
        foreach (var (project, references) in Repository.Projects.Where(p => p.Key != "Build"))
        {
            Assert.True(Rules.TryGetValue(project, out var rule), $"{project} has no rule: say in this test what it may import, and why");
            var more = references.Except(rule.May).ToArray();
            Assert.True(more.Length == 0, $"{project} imports {string.Join(", ", more)}, but {rule.Why}");
        }
    }

    /// <summary>A source that is linked into a second project is a reference that the rules above do not see.</summary>
    [Fact]
    public void No_project_compiles_the_sources_of_another() => Assert.All(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories),
        project => Assert.False(
            System.Xml.Linq.XDocument.Load(project).Descendants("Compile").Any(c => ((string?)c.Attribute("Include"))?.Contains("..", StringComparison.Ordinal) == true),
            $"{project} compiles files of another project: reference it instead"));

    [Fact]
    public void Only_build_knows_Cake() =>
        Assert.All(Repository.Sources("src"), file => Assert.False(file.Text.Contains("using Cake.", StringComparison.Ordinal), $"{file.Name} uses Cake: tasks delegate to libraries, which are usable without it"));

    [Theory]
    [InlineData("System.Net.Sockets", "it opens no socket")]
    [InlineData("System.Net.Http", "it opens no socket")]
    [InlineData("System.Diagnostics", "it starts no process and reads no clock")]
    [InlineData("DateTime.Now", "time comes in as data")]
    [InlineData("UtcNow", "time comes in as data")]
    [InlineData("Stopwatch", "time comes in as data")]
    [InlineData("Environment.", "what the environment was stands in the manifest")]
    public void Measurement_computes_and_does_nothing_else(string what, string why) =>
        Assert.All(Repository.Sources("src/ServeBench.Measurement"), file => Assert.False(file.Text.Contains(what, StringComparison.Ordinal), $"{file.Name} uses {what}: {why}"));
}
