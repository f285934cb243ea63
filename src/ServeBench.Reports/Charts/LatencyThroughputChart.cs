using System.Text.Json.Nodes;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>
/// Latency against load, one line per stack: in a closed loop against the throughput reached, in an open loop against the
/// rate asked; the two are never in one chart.
/// </summary>
internal sealed class LatencyThroughputChart : IChart
{
    private const int LeastLevels = 3;
    private const int LeastRates = 2;
    private const int Below = 52;

    /// <summary>A latency axis whose largest value is this many times its smallest is logarithmic.</summary>
    private const double LogarithmicFrom = 25;

    private static readonly string[] LabelPlaces = ["right", "left", "top", "bottom"];

    public string Id => "3-latency-throughput";

    public IEnumerable<Chart> Draw(ReportContext report) =>
        from subject in report.Subjects
        from scenario in subject.Workload.Scenarios
        let cases = report.Cases(subject.Workload.Name, subject.Model.Name, scenario.Name)
        where cases.Select(c => c.Level).Distinct().Count() >= (scenario.Question == Questions.Capacity ? LeastLevels : LeastRates)
        let percentile = Percentile(cases)
        where percentile is not null
        select Draw(report, scenario, cases, percentile);

    /// <summary>p95 where every case supports it, else the highest below that all support.</summary>
    private static IMetric? Percentile(IReadOnlyList<CaseResult> cases) =>
        new[] { LatencyP95.MetricId, LatencyP90.MetricId, LatencyP50.MetricId }
            .Where(p => cases.All(c => c.Median(p) is not null)).Select(MetricCatalogue.Get).FirstOrDefault();

    private static Chart Draw(ReportContext report, ScenarioRecord scenario, IReadOnlyList<CaseResult> cases, IMetric percentile)
    {
        var closed = scenario.Question == Questions.Capacity;
        var contenders = cases.Select(c => c.Contender).Distinct().ToArray();
        double[] latencies = [.. cases.Select(c => Tips.Shown(percentile, c.Median(percentile.Id)!.Value))];
        var logarithmic = latencies.Max() >= LogarithmicFrom * latencies.Min();
        var title = closed ? $"{percentile.Title} latency against throughput on {cases[0].Workload}" : $"{percentile.Title} latency against rate on {cases[0].Workload}";
        var caption = closed
            ? "each point: the medians over trials at one level, its number: requests in flight; further right and lower is better"
            : "each point: the median over trials at one rate; lower is better";
        if (logarithmic) caption += "; logarithmic latency axis";
        var frame = new Frame(title, caption, [.. contenders.Select(report.Title), .. HollowPoint.Legend(cases)], "circle");
        var option = frame.Option();
        option["grid"] = Frame.Grid(frame.Top, Below);
        option["xAxis"] = Frame.ValueAxis(closed ? $"{report.Items} per second" : "requests per second asked", horizontal: true);
        option["yAxis"] = logarithmic
            ? Frame.ValueAxis($"{percentile.Title} latency, ms", min: null, type: "log")
            : Frame.ValueAxis($"{percentile.Title} latency, ms", Frame.NiceMaximum(latencies.Max() * 1.1));
        option["series"] = Frame.Array([.. contenders.Select((c, i) => Line(report, [.. cases.Where(x => x.Contender == c)], percentile, closed, i)), .. HollowPoint.Series(cases)]);
        return frame.Chart(Names.Chart(report, "latency-throughput", cases[0]), new ChartPlace(cases[0].Workload, cases[0].Model, scenario.Name),
            $"a line for each of {Words.List(contenders.Select(report.Title))}", 260 + Below, option);
    }

    private static JsonObject Line(ReportContext report, IReadOnlyList<CaseResult> cases, IMetric percentile, bool closed, int index)
    {
        var colour = Theme.Contender(report, cases[0].Contender);
        var line = Frame.Node(new
        {
            type = "line",
            name = report.Title(cases[0].Contender),
            lineStyle = new { color = colour, width = 2 },
            itemStyle = new { color = colour },
            symbol = "circle",
            symbolSize = 8,
            showAllSymbol = true,
            emphasis = new { disabled = true },
            labelLayout = new { hideOverlap = true },
        });
        line["data"] = Frame.Array(cases.Select(c => Point(report, c, percentile, closed, colour, LabelPlaces[index % LabelPlaces.Length])));
        return line;
    }

    private static JsonObject Point(ReportContext report, CaseResult of, IMetric percentile, bool closed, string colour, string labelPlace)
    {
        var items = MetricCatalogue.Get(ItemThroughput.MetricId);
        var x = closed ? Tips.Shown(items, of.Median(items.Id)!.Value) : of.RatePerSecond!.Value;
        var tip = Tips.Tip(report, of, percentile, of.Metrics[percentile.Id]) + $"<br>{NumberText.Shown(items.Unit, of.Median(items.Id)!.Value)} {report.Items}/s";
        var point = Frame.Node(new { value = new[] { x, Tips.Shown(percentile, of.Median(percentile.Id)!.Value) }, tip });
        if (!of.Valid) point["itemStyle"] = HollowPoint.Style(colour);
        // The second appearance of a stack lies beside the first; its numbers would only hide them.
        if (closed && !of.IsTwin)
        {
            point["label"] = Frame.Node(new
            {
                show = true,
                formatter = $"{of.Concurrency}",
                position = labelPlace,
                fontSize = 11,
                color = Theme.Text,
            });
        }
        return point;
    }
}
