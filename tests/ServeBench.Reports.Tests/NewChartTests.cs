using ServeBench.Measurement.Evaluation;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>A chart is one class: it is drawn, stands in the reports at the place that it names, and goes with the results.</summary>
[Lane("slow")]
public sealed class NewChartTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(null, "## Workloads")]
    [InlineData("mixed-length", "### mixed-length")]
    [InlineData("time", "## Where the time went")]
    public void It_stands_in_the_report_where_it_says(string? where, string heading)
    {
        var folder = Runs.Quick.Write(_temporary.Path);
        var manifest = folder.ReadManifest();
        var scenario = manifest.Workloads.First(w => w.Name == "mixed-length").Scenarios[0].Name;
        var place = where switch
        {
            null => new ChartPlace(),
            "time" => new ChartPlace("mixed-length", manifest.Models[0].Name, scenario, Section: "time"),
            _ => new ChartPlace(where, manifest.Models[0].Name, scenario),
        };
        ReportWriter.Write(folder, Criteria.OfProgram, [.. ChartCatalogue.All, new ToyChart(place)], TestContext.Current.CancellationToken);
        var markdown = File.ReadAllText(Path.Combine(folder.Path, "report.md"));
        var at = markdown.IndexOf("charts/toy.svg", StringComparison.Ordinal);
        var headings = markdown[..at].Split('\n').Where(l => l.StartsWith('#')).ToArray();
        // Charts of the whole run stand before the workloads, the others below their heading.
        if (where is null) Assert.InRange(at, 0, markdown.IndexOf(heading, StringComparison.Ordinal));
        else Assert.Equal(heading, headings.Last(h => h.StartsWith(heading.Split(' ')[0] + " ", StringComparison.Ordinal)).Split(" (")[0]);
        Assert.Single(markdown.Split("charts/toy.svg").Skip(1));
        Assert.Contains("The toy of all charts", File.ReadAllText(Path.Combine(folder.Path, "report.html")), StringComparison.Ordinal);
        Assert.Contains("a toy axis", File.ReadAllText(Path.Combine(folder.Charts, "toy.svg")), StringComparison.Ordinal);
        // Whoever renders the report again without it finds none of it.
        ReportWriter.Write(folder, TestContext.Current.CancellationToken);
        Assert.False(File.Exists(Path.Combine(folder.Charts, "toy.svg")));
    }

    private sealed class ToyChart(ChartPlace place) : IChart
    {
        public string Id => "99-toy";

        public IEnumerable<Chart> Draw(ReportContext report) =>
        [
            new Chart
            {
                Name = "toy",
                Title = "The toy of all charts",
                Caption = "nothing to learn",
                Shows = "one point",
                Place = place,
                Plot = new LinesPlot
                {
                    XName = "a toy axis",
                    XMaximum = 2,
                    Panels = [new Panel("", "toys", 2, Logarithmic: false, [new LineSeries("toy", Theme.Stack(report, report.Stacks[0]), 0, Connected: true, Dashed: false, [new PlotPoint(1, 1, Valid: true, "", "")])])],
                },
            },
        ];
    }
}
