using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

public sealed partial class HtmlReportTests(ReportFixture reports) : IClassFixture<ReportFixture>
{
    [Fact]
    [Lane("slow")]
    public async Task Is_well_formed()
    {
        foreach (var run in (SyntheticRun[])[Runs.Quick, Runs.Troubled])
        {
            var page = Parse(await HtmlAsync(run));
            var ids = page.Descendants().Attributes("id").Select(a => a.Value).ToArray();
            Assert.Equal(ids.Length, ids.Distinct().Count());
            Assert.All(page.Descendants("nav").Descendants("a"), a => Assert.Contains(a.Attribute("href")!.Value[1..], ids));
            Assert.All(page.Descendants("img"), i => Assert.NotEmpty(i.Attribute("alt")!.Value));
        }
    }

    [Fact]
    public async Task Asks_nothing_of_any_network()
    {
        var html = await HtmlAsync(Runs.Quick);
        var page = Parse(html);
        string[] loading = ["src", "href", "srcset", "data", "poster", "action"];
        Assert.All(page.Descendants().Attributes().Where(a => loading.Contains(a.Name.LocalName)),
            a => Assert.True(a.Value.StartsWith("data:", StringComparison.Ordinal) || a.Value.StartsWith('#'), $"{a}"));
        Assert.DoesNotMatch("@import|url\\(", page.Descendants("style").Single().Value);
        // The browser itself refuses whatever a script might try.
        Assert.Contains("default-src 'none'", page.Descendants("meta").Single(m => m.Attribute("http-equiv") is not null).Attribute("content")!.Value, StringComparison.Ordinal);
        Assert.Equal(4, page.Descendants("script").Count());
    }

    [Fact]
    [Lane("slow")]
    public async Task Shows_hostile_names_as_text()
    {
        var html = await HtmlAsync(Runs.Troubled);
        Assert.Contains("&lt;b&gt;Pipes | &amp; *stars*&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Pipes", html, StringComparison.Ordinal);
        var markdown = File.ReadAllText(Path.Combine((await reports.WriteAsync(Runs.Troubled)).Folder.Path, "report.md"));
        Assert.Contains("\\<b\\>Pipes \\| & \\*stars\\*\\</b\\>", markdown, StringComparison.Ordinal);
        var cells = markdown.Split('\n').Where(l => l.StartsWith('|')).Select(l => UnescapedPipe().Count(l)).ToArray();
        Assert.DoesNotContain(0, cells);
    }

    [Fact]
    [Lane("slow")]
    public async Task Every_table_of_the_markdown_has_as_many_cells_in_every_row()
    {
        var markdown = File.ReadAllText(Path.Combine((await reports.WriteAsync(Runs.Troubled)).Folder.Path, "report.md"));
        var tables = markdown.Split("\n\n").Select(block => block.Trim('\n')).Where(block => block.StartsWith('|')).ToArray();
        Assert.NotEmpty(tables);
        Assert.All(tables, table => Assert.Single(table.Split('\n').Select(row => UnescapedPipe().Count(row)).Distinct()));
    }

    [Fact]
    [Lane("slow")]
    public async Task The_charts_are_there_for_readers_without_scripts()
    {
        var page = Parse(await HtmlAsync(Runs.Quick));
        var charts = Directory.GetFiles((await reports.WriteAsync(Runs.Quick)).Folder.Charts);
        var stills = page.Descendants("noscript").Descendants("img").Select(i => i.Attribute("src")!.Value).ToArray();
        // One of them stands there as a table.
        Assert.Equal(charts.Length - 1, stills.Length);
        Assert.Single(page.Descendants("div"), d => d.Attribute("class")?.Value == "table heat");
        Assert.All(stills, s => XDocument.Parse(System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(s["data:image/svg+xml;base64,".Length..]))));
    }

    private async Task<string> HtmlAsync(SyntheticRun run) => File.ReadAllText(Path.Combine((await reports.WriteAsync(run)).Folder.Path, "report.html"));

    /// <summary>As XML, which is stricter than any browser; only the insides of scripts and styles are another language.</summary>
    private static XDocument Parse(string html)
    {
        var text = Raw().Replace(html, m => m.Groups["open"].Value
            + (m.Groups["open"].Value.StartsWith("<style", StringComparison.Ordinal) ? XmlText(m.Groups["inside"].Value) : "") + m.Groups["close"].Value);
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static string XmlText(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;");

    [GeneratedRegex("(?<open><(?:script|style)[^>]*>)(?<inside>.*?)(?<close></(?:script|style)>)", RegexOptions.Singleline)]
    private static partial Regex Raw();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex UnescapedPipe();
}
