using System.Globalization;
using System.Xml.Linq;
using ServeBench.Measurement.Evaluation;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Drawing;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

public sealed class ChartDrawingTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    [Lane("slow")]
    public void There_is_a_chart_of_every_kind()
    {
        var names = ManyStacks.Charts(8, _temporary.Path).Select(c => c.Name).ToArray();
        foreach (var kind in (string[])["throughput-", "latency-mixed", "latency-throughput-", "timeline-", "timeline-ramp", "failures-ramp", "token-times-", "tokens-latency-", "token-timeline-", "serving-efficiency", "heat-map", "complexity"])
            Assert.Contains(names, n => n.StartsWith(kind, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(20)]
    [Lane("slow")]
    public void No_two_labels_meet_and_none_leaves_the_page(int stacks)
    {
        foreach (var chart in ManyStacks.Charts(stacks, _temporary.Path))
        {
            var root = XDocument.Parse(ChartDrawing.Svg(chart)).Root!;
            var (width, height) = (Number(root.Attribute("width")!.Value), Number(root.Attribute("height")!.Value));
            var labels = root.Elements(Svg + "g").Select(Label).ToArray();
            Assert.NotEmpty(labels);
            Assert.All(labels, l => Assert.True(l.Left >= 0 && l.Right <= width && l.Top >= 0 && l.Bottom <= height, $"{chart.Name}, {stacks} stacks: '{l.Text}' leaves the page"));
            for (var i = 0; i < labels.Length; i++)
            {
                for (var j = i + 1; j < labels.Length; j++)
                {
                    var (a, b) = (labels[i], labels[j]);
                    var meet = a.Left < b.Right && b.Left < a.Right && a.Top < b.Bottom && b.Top < a.Bottom;
                    Assert.False(meet, $"{chart.Name}, {stacks} stacks: '{a.Text}' and '{b.Text}' overlap");
                }
            }
        }
    }

    [Theory]
    [InlineData(152, false)]
    [InlineData(60, true)]
    [Lane("slow")]
    public void A_stack_above_the_raw_runtime_is_explained_where_it_is_drawn(double rawRuntime, bool explained)
    {
        var run = new SyntheticRun { Workloads = [SyntheticWorkload.Quick[0] with { CeilingPerSecond = rawRuntime }] };
        var folder = run.Write(_temporary.Path);
        var report = new ReportContext(RunEvaluator.Evaluate(folder, TestContext.Current.CancellationToken), folder.ReadManifest());
        var chart = ChartCatalogue.Draw(report).Single(c => c.Name == "serving-efficiency");
        Assert.Equal(explained, chart.Caption.Contains("above 100 %", StringComparison.Ordinal));
    }

    [Fact]
    [Lane("slow")]
    public void The_same_chart_gives_the_same_bytes()
    {
        foreach (var chart in ManyStacks.Charts(2, _temporary.Path))
        {
            Assert.Equal(ChartDrawing.Svg(chart), ChartDrawing.Svg(chart));
            Assert.Equal(ChartDrawing.Png(chart), ChartDrawing.Png(chart));
        }
    }

    /// <summary>Text in the reader's fonts would be wider or narrower than what it was measured with.</summary>
    [Fact]
    [Lane("slow")]
    public void Letters_are_outlines_and_need_no_font()
    {
        foreach (var chart in ManyStacks.Charts(2, _temporary.Path))
        {
            var root = XDocument.Parse(ChartDrawing.Svg(chart)).Root!;
            Assert.Empty(root.Descendants(Svg + "text"));
            Assert.DoesNotContain(root.Descendants().Attributes(), a => a.Name.LocalName == "font-family");
            var defined = root.Element(Svg + "defs")!.Elements().Select(e => "#" + e.Attribute("id")!.Value).ToHashSet();
            Assert.All(root.Descendants(Svg + "use"), u => Assert.Contains(u.Attribute("href")!.Value, defined));
        }
    }

    [Fact]
    public void Letters_of_other_scripts_are_left_to_the_reader()
    {
        var svg = XDocument.Parse(ChartDrawing.Svg(Bars("漢字 & <b>", valid: true))).Root!;
        Assert.Contains("漢字 & <b>", svg.Descendants(Svg + "text").Select(t => t.Value));
    }

    [Fact]
    public void An_invalid_bar_is_hollow_with_a_dashed_edge_and_is_explained()
    {
        var invalid = ChartDrawing.Svg(Bars("a", valid: false));
        Assert.Contains("stroke=\"#0072b2\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\"", invalid, StringComparison.Ordinal);
        Assert.Contains($"aria-label=\"{Plot.Hollow}\"", invalid, StringComparison.Ordinal);
        // Only the legend's entry is filled.
        Assert.Single(invalid.Split('\n'), line => line.StartsWith("<rect fill=\"#0072b2\"", StringComparison.Ordinal));
        var valid = ChartDrawing.Svg(Bars("a", valid: true));
        Assert.DoesNotContain("stroke=\"#0072b2\"", valid, StringComparison.Ordinal);
        Assert.Equal(2, valid.Split('\n').Count(line => line.StartsWith("<rect fill=\"#0072b2\"", StringComparison.Ordinal)));
        Assert.DoesNotContain(Plot.Hollow, valid, StringComparison.Ordinal);
    }

    [Fact]
    [Lane("slow")]
    public void The_mark_of_seeded_weights_stands_on_every_chart()
    {
        Assert.All(ManyStacks.Charts(2, _temporary.Path), c => Assert.Contains("aria-label=\"seeded weights\"", ChartDrawing.Svg(c), StringComparison.Ordinal));
    }

    [Fact]
    public void Light_and_dark_pictures_differ_in_colour_only()
    {
        var chart = Bars("a", valid: true);
        var (light, dark) = (ChartDrawing.Png(chart), ChartDrawing.Png(chart, dark: true));
        Assert.NotEqual(light, dark);
        // Width and height stand in the header of a PNG at byte 16.
        Assert.Equal(light[16..24], dark[16..24]);
    }

    private static Chart Bars(string name, bool valid) => new()
    {
        Name = "c",
        Title = "t",
        Caption = "",
        Shows = "bars",
        Place = new ChartPlace(),
        Plot = new BarsPlot
        {
            Categories = [new("1", "1 in flight")],
            CategoryName = "requests in flight",
            ValueName = "per second",
            Series = [new BarSeries(name, "#0072b2", [new Bar(10, [9, 10, 12], valid, "10", "")])],
        },
    };

    private static (string Text, double Left, double Right, double Top, double Bottom) Label(XElement g)
    {
        var parts = g.Attribute("transform")!.Value.Split(["translate(", " ", ") scale(", ")"], StringSplitOptions.RemoveEmptyEntries).Select(Number).ToArray();
        var (x, baseline, scale) = (parts[0], parts[1], parts[2]);
        // The last letter is at least about a third of an em wide.
        var right = x + ((g.Elements().Select(u => Number(u.Attribute("x")!.Value)).DefaultIfEmpty(0).Max() + 350) * scale);
        return (g.Attribute("aria-label")!.Value, x, right, baseline - (730 * scale), baseline + (100 * scale));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
