using System.Xml.Linq;
using ServeBench.Reports.Charts;

namespace ServeBench.Reports.Tests;

public sealed class SvgTests(ReportFixture reports) : IClassFixture<ReportFixture>
{
    [Fact]
    [Lane("slow")]
    public async Task Every_chart_is_well_formed_and_named()
    {
        var (folder, _) = await reports.WriteAsync(Runs.Troubled);
        var files = Directory.GetFiles(folder.Charts, "*.svg");
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var root = XDocument.Load(file).Root!;
            XNamespace svg = "http://www.w3.org/2000/svg";
            Assert.NotEmpty(root.Element(svg + "title")!.Value);
            Assert.NotEmpty(root.Element(svg + "desc")!.Value);
            Assert.Equal("img", root.Attribute("role")!.Value);
            Assert.DoesNotContain(root.Descendants().Attributes(), a => a.Value.Contains("NaN", StringComparison.Ordinal) || a.Value.Contains("undefined", StringComparison.Ordinal));
        });
    }

    /// <summary>A colour without a dark counterpart would stay as it is on a dark page and might vanish there.</summary>
    [Fact]
    [Lane("slow")]
    public async Task Every_colour_has_a_dark_counterpart()
    {
        var (folder, _) = await reports.WriteAsync(Runs.Troubled);
        foreach (var file in Directory.GetFiles(folder.Charts, "*.svg"))
        {
            var colours = XDocument.Load(file).Descendants().Where(e => e.Parent?.Name.LocalName != "clipPath").SelectMany(Seen).Distinct();
            Assert.All(colours, colour => Assert.Contains(colour, Theme.Dark.Keys));
        }
    }

    private static IEnumerable<string> Seen(XElement element)
    {
        if (element.Attribute("fill") is { Value: not ("none" or "transparent") } fill && element.Attribute("fill-opacity")?.Value != "0") yield return fill.Value;
        if (element.Attribute("stroke") is { Value: not "none" } stroke && element.Attribute("stroke-width")?.Value != "0") yield return stroke.Value;
    }

    [Fact]
    public void No_two_roles_share_a_colour()
    {
        Assert.Equal(Theme.Dark.Count, Theme.Dark.Values.Distinct().Count());
        Assert.DoesNotContain(Theme.Dark.Values, Theme.Dark.ContainsKey);
    }
}
