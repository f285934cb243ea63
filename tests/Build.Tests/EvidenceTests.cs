using System.Text.RegularExpressions;
using ServeBench.Build.Composition;
using ServeBench.Build.Evidence;
using ServeBench.Build.Options;

namespace ServeBench.Build.Tests;

/// <summary>Programs of evidence are found, told of, and are what they say.</summary>
public sealed partial class EvidenceTests
{
    private static readonly string Tests = Path.Combine(RepositoryPaths.Find().Root, "tests");

    public static TheoryData<string> ShownByTests => [.. EvidencePrograms.All.Where(p => p.Tests is not null).Select(p => p.Name)];

    [Fact]
    public void Each_is_named_once_and_help_says_what_it_shows_and_how_long_it_takes()
    {
        Assert.Equal(EvidencePrograms.All.Count, EvidencePrograms.All.Select(p => p.Name).Distinct().Count());
        Assert.Equal(EvidencePrograms.All.Select(p => p.Name), KnownOptions.What.Values);
        Assert.All(EvidencePrograms.All, p => Assert.Contains($"{p.Name}: {p.What.TrimEnd('.')} ({p.Takes}).", KnownOptions.What.Help, StringComparison.Ordinal));
        Assert.All(EvidencePrograms.All, p => Assert.Matches(@"^\d+ min$", p.Takes));
    }

    [Fact]
    public void What_measures_runs_only_when_it_is_named() =>
        Assert.Equal(["compare", "scale", "verdicts"], EvidencePrograms.All.Where(p => p.IsComputed).Select(p => p.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_is_in_the_documents()
    {
        var folder = Path.Combine(RepositoryPaths.Find().Root, "docs");
        var text = string.Concat(Directory.EnumerateFiles(folder, "*.md").Select(File.ReadAllText));
        Assert.All(EvidencePrograms.All, p => Assert.Contains($"--what={p.Name}`", text, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ShownByTests))]
    public void What_tests_show_names_a_class_that_is_there_and_reads_its_variables(string name)
    {
        var tests = EvidencePrograms.All.Single(p => p.Name == name).Tests!;
        var sources = Directory.EnumerateFiles(Path.Combine(Tests, tests.Project), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        var pattern = $"public sealed class {Regex.Escape(tests.Class[2..]).Replace("\\*", "\\w*", StringComparison.Ordinal)}\\b";
        var found = sources.Where(s => Regex.IsMatch(s, pattern)).ToArray();
        Assert.NotEmpty(found);
        if (tests.IsExplicit) Assert.Contains(found, s => s.Contains("(Explicit = true)", StringComparison.Ordinal));
        var shared = Directory.EnumerateFiles(Path.Combine(Tests, "Shared"), "*.cs").Select(File.ReadAllText);
        Assert.All(tests.Variables.Keys, v => Assert.Contains(found.Concat(shared), s => s.Contains($"\"{v}\"", StringComparison.Ordinal)));
    }

    /// <summary>A test that runs in no lane is evidence, and is run by its name there; or the documents say why it is none.</summary>
    [Fact]
    public void No_explicit_test_is_hidden()
    {
        var shown = EvidencePrograms.All.Select(p => p.Tests).OfType<TestEvidence>().Where(t => t.IsExplicit).ToArray();
        var documents = File.ReadAllText(Path.Combine(RepositoryPaths.Find().Root, "docs", "architecture.md"));
        var hidden = Directory.EnumerateFiles(Tests, "*.cs", SearchOption.AllDirectories)
            .Where(f => ExplicitTest().IsMatch(File.ReadAllText(f)))
            .Select(f => (Project: Path.GetRelativePath(Tests, f).Split(Path.DirectorySeparatorChar)[0], Class: Path.GetFileNameWithoutExtension(f)))
            .Where(t => !shown.Any(s => s.Project == t.Project && Regex.IsMatch(t.Class, $"^{Regex.Escape(s.Class[2..]).Replace("\\*", ".*", StringComparison.Ordinal)}$")))
            .Where(t => !documents.Contains($"`{t.Class}`", StringComparison.Ordinal))
            .ToArray();
        Assert.Empty(hidden);
    }

    [Fact]
    public void Tests_are_run_by_their_class_and_their_lines_are_shown()
    {
        Assert.Equal(["--filter-class", "*.A", "--show-live-output", "on", "--no-ansi", "--progress", "off"], new TestEvidence("P", "*.A").Arguments);
        Assert.Equal(["--explicit", "only"], new TestEvidence("P", "*.A") { IsExplicit = true }.Arguments.TakeLast(2));
    }

    [GeneratedRegex(@"\[(Fact|Theory)\(Explicit = true\)\]")]
    private static partial Regex ExplicitTest();
}
