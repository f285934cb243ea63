using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;
using ServeBench.Reports.Rendering;

namespace ServeBench.Reports.Tests;

/// <summary>A metric is one file: it says itself in which table it stands, and where in it.</summary>
public sealed class NewMetricTests(ReportFixture reports) : IClassFixture<ReportFixture>
{
    [Fact]
    public async Task A_metric_shows_in_the_table_that_it_names_and_where_it_says()
    {
        var tables = (await ReportAsync([.. MetricCatalogue.All, new Colour(CaseTables.Capacity)])).Split('\n').Where(l => l.Contains("Colour (hue)", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(tables);
        // Between the throughput, whose order is 10, and the latency, which begins at 100.
        Assert.All(tables, line => Assert.Matches(@"\| Embeddings/s \| Range \| Colour \(hue\) \| p95 \(ms\) \|", line));
    }

    [Fact]
    [Lane("slow")]
    public async Task It_shows_in_no_other() => Assert.DoesNotContain("Colour (hue)", await ReportAsync([.. MetricCatalogue.All, new Colour("another table")]), StringComparison.Ordinal);

    [Fact]
    [Lane("slow")]
    public async Task Nothing_shows_a_metric_that_is_not_there() => Assert.DoesNotContain("Goodput", Tables(await ReportAsync([.. MetricCatalogue.All.Where(m => m is not Goodput)])), StringComparison.Ordinal);

    /// <summary>The tables of cases alone.</summary>
    private static string Tables(string report) => report[report.IndexOf("## Workloads", StringComparison.Ordinal)..report.IndexOf("## Parity", StringComparison.Ordinal)];

    private async Task<string> ReportAsync(IReadOnlyList<IMetric> metrics)
    {
        var (folder, results) = await reports.WriteAsync(Runs.Quick);
        results = results with
        {
            Cases = [.. results.Cases.Select(c => c with { Metrics = new Dictionary<string, MetricResult>(c.Metrics) { ["colour"] = MetricResult.Of([7, 7, 7]) } })],
        };
        return MarkdownReport.Write(ReportDocument.Of(new ReportContext(results, folder.ReadManifest()) { Metrics = metrics }, []));
    }

    private sealed class Colour(string table) : ITrialMetric
    {
        public string Id => "colour";

        public string Title => "Colour";

        public Better Better => Better.Neither;

        public MetricUnit Unit { get; } = new("hue", "hue", 1);

        public string Formula => "";

        public string Source => "";

        public IReadOnlyList<TablePlace> Places => [new(table, 15)];

        public Measured Measure(TrialFacts trial) => Measured.Of(7);
    }
}
