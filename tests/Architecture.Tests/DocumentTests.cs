using System.Text.RegularExpressions;

namespace ServeBench.Architecture.Tests;

/// <summary>docs/architecture.md names files and tests that are there.</summary>
public partial class DocumentTests
{
    private const int MostStations = 8;

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

    [Fact]
    public void The_journey_of_one_request_has_few_stations_and_each_is_a_file()
    {
        var stations = Station().Matches(Section("## The journey of one request")).Select(m => m.Groups["name"].Value).ToArray();
        Assert.InRange(stations.Length, 2, MostStations);
        Assert.All(stations, s => Assert.True(File.Exists(Path.Combine(Repository.Root, s)), $"docs/architecture.md names {s}, and there is no such file"));
    }

    [Fact]
    public void The_tests_that_prove_what_a_newcomer_adds_exist()
    {
        var tests = Repository.Sources("tests").Select(f => Path.GetFileNameWithoutExtension(f.Name)).ToHashSet(StringComparer.Ordinal);
        var named = TestClass().Matches(Section("## What a newcomer adds")).Select(m => m.Groups["name"].Value).ToArray();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.True(tests.Contains(name), $"docs/architecture.md names {name}, and no test class is called that"));
    }

    [Fact]
    public void Every_project_and_every_folder_that_it_names_is_there() => Assert.All(
        Folder().Matches(Text).Select(m => m.Groups["name"].Value),
        folder => Assert.True(Directory.Exists(Path.Combine(Repository.Root, folder)), $"docs/architecture.md names {folder}, and there is no such folder"));

    /// <summary>A section's text, to the next of its level.</summary>
    private static string Section(string heading)
    {
        var start = Text.IndexOf(heading, StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/architecture.md has no section '{heading}'");
        var end = Text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? Text[start..] : Text[start..end];
    }

    [GeneratedRegex(@"^\d+\. `(?<name>[^`]+)`", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Station();

    [GeneratedRegex(@"`(?<name>\w+Tests)`", RegexOptions.ExplicitCapture)]
    private static partial Regex TestClass();

    [GeneratedRegex(@"(?<name>src/ServeBench\.\w+(/\w+)?)(?=[\s`])", RegexOptions.ExplicitCapture)]
    private static partial Regex Folder();
}
