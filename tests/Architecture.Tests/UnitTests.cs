using System.Text.RegularExpressions;

namespace ServeBench.Architecture.Tests;

/// <summary>
/// One convention for amounts of bytes, in documents, published reports and what the program says: files, images and what travels are
/// in kB, MB and GB (powers of 1,000), memory in KiB, MiB and GiB (powers of 1,024). docs/containers.md states it.
/// </summary>
public partial class UnitTests
{
    public static TheoryData<string> Documents =>
        [.. new[] { "docs", "src", "reports", "kubernetes", "k6" }
            .SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository.Root, f), "*.md", SearchOption.AllDirectories))
            .Append(Path.Combine(Repository.Root, "README.md"))
            .Select(f => Path.GetRelativePath(Repository.Root, f))
            .Where(f => !f.Contains("node_modules", StringComparison.Ordinal) && !f.Contains("runs/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_gives_memory_in_powers_of_1024_and_the_rest_in_powers_of_1000(string document)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, document));
        for (var i = 0; i < lines.Length; i++)
            foreach (var part in Parts().Split(lines[i])) Assert.True(Fault(part) is null, $"{document} line {i + 1}: {Fault(part)}: {part}");
    }

    [Fact]
    public void The_program_says_the_unit_that_it_divides_by()
    {
        foreach (var (name, text) in Repository.Sources("src").Concat(Repository.Sources("build")))
        {
            foreach (var line in text.Split('\n'))
            {
                Assert.False(Decimal().IsMatch(line) && Binary().IsMatch(Quoted(line)), $"{name} divides by a power of 1,000 and says otherwise: {line}");
                Assert.False(Shifted().IsMatch(line) && DecimalUnit().IsMatch(Quoted(line)), $"{name} divides by a power of 1,024 and says otherwise: {line}");
                Assert.True(Fault(Quoted(line)) is null, $"{name}: {Fault(Quoted(line))}: {line}");
            }
        }
    }

    [Theory]
    [InlineData("resident memory 90 MB", true)]
    [InlineData("an image of 90 MiB", true)]
    [InlineData("at most 32 KB", true)]
    [InlineData("memory 90 MiB, image 80 MB", false)]
    [InlineData("a limit of 8 MiB", false)]
    public void The_rule_finds_what_breaks_it(string text, bool breaks) => Assert.Equal(breaks, Parts().Split(text).Any(p => Fault(p) is not null));

    private static string? Fault(string part) =>
        Misspelt().IsMatch(part) ? "is no unit of bytes that is used here"
        : Memory().IsMatch(part) && DecimalUnit().IsMatch(part) ? "memory is in MiB"
        : Stored().IsMatch(part) && !Memory().IsMatch(part) && Binary().IsMatch(part) ? "files and images are in MB"
        : null;

    private static string Quoted(string line) => line.IndexOf('"', StringComparison.Ordinal) is >= 0 and var at ? line[at..] : "";

    [GeneratedRegex(@"[|;,]|\. ")]
    private static partial Regex Parts();

    [GeneratedRegex(@"[0-9}] ?(?:KB|kiB|Kb|Mb|Gb|kb|mb|gb|Mib)\b")]
    private static partial Regex Misspelt();

    [GeneratedRegex(@"\b(?:memory|resident|heap|allocat\w+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Memory();

    [GeneratedRegex(@"\b(?:images?|files?|disk|downloads?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Stored();

    [GeneratedRegex(@"[0-9}] (?:kB|MB|GB)\b")]
    private static partial Regex DecimalUnit();

    [GeneratedRegex(@"[0-9}] (?:KiB|MiB|GiB)\b")]
    private static partial Regex Binary();

    [GeneratedRegex(@"/ 1e[369]\b")]
    private static partial Regex Decimal();

    [GeneratedRegex(@"(?:<< [123]0|>> [123]0|1024)")]
    private static partial Regex Shifted();
}
