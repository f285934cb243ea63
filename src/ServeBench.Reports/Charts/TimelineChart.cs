using System.Text.Json.Nodes;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>
/// The course of one measured window: throughput above, latency below, each contender's trial nearest to its median. Shows
/// whether a number was steady or drifted.
/// </summary>
internal sealed class TimelineChart : IChart
{
    private const int PanelHeight = 150;
    private const int BetweenPanels = 44;
    private const int Below = 52;

    public string Id => "4-timeline";

    public IEnumerable<Chart> Draw(ReportContext report) =>
        from subject in report.Subjects
        from scenario in subject.Workload.Scenarios
        let all = report.Cases(subject.Workload.Name, subject.Model.Name, scenario.Name)
        where all.Count > 0
        let level = Level(all, scenario)
        select Draw(report, scenario, [.. all.Where(c => c.Level == level)]);

    /// <summary>Closed loop: where the best contender is at its best; open loop: the highest rate that all held.</summary>
    private static string Level(IReadOnlyList<CaseResult> cases, ScenarioRecord scenario)
    {
        if (scenario.Question == Questions.Latency) return LatencyPercentilesChart.Main(cases);
        var valid = cases.Where(c => c.Valid).ToArray();
        return (valid.Length > 0 ? valid : cases).MaxBy(c => c.Median(ItemThroughput.MetricId))!.Level;
    }

    private static Chart Draw(ReportContext report, ScenarioRecord scenario, IReadOnlyList<CaseResult> cases)
    {
        var of = cases[0];
        var ramp = scenario.Question == Questions.Ramp;
        // One percentile for all lines: p95 only where every part of every window has enough samples for it.
        var p95 = cases.All(c => c.Timeline.Parts.All(p => p.P95Seconds is not null));
        var percentile = MetricCatalogue.Get(p95 ? LatencyP95.MetricId : LatencyP50.MetricId);
        var frame = new Frame($"The measured window on {of.Workload}, {of.LevelTitle}", ramp ? "each stack's trial nearest to its median; the load changes as said above, and latency with it" : "each stack's trial nearest to its median; a steady line means a steady number",
            [.. cases.Select(c => report.Title(c.Contender)), .. HollowPoint.Legend(cases)], "circle");
        var option = frame.Option();
        var window = cases.Max(c => c.Timeline.Parts.Count * c.Timeline.PartSeconds);
        option["grid"] = OptionJson.Array([Frame.Grid(frame.Top, height: PanelHeight), Frame.Grid(frame.Top + PanelHeight + BetweenPanels, height: PanelHeight)]);
        option["xAxis"] = OptionJson.Array([Seconds(0, window, ""), Seconds(1, window, "seconds into the window, by intended send")]);
        option["yAxis"] = OptionJson.Array([Value(0, $"{report.Items}/s"), Value(1, $"{(p95 ? "p95" : "median")} latency, ms")]);
        option["series"] = OptionJson.Array(
        [
            .. cases.Select(c => Line(report, c, 0, p => p.SuccessesPerSecond * c.ItemsPerRequest, $"{report.Items}/s")),
            .. cases.Select(c => Line(report, c, 1, p => (p95 ? p.P95Seconds : p.P50Seconds) * percentile.Unit.Factor, $"{percentile.Title}, ms")),
            .. HollowPoint.Series(cases),
        ]);
        return frame.Chart(Names.Chart(report, "timeline", of), new ChartPlace(of.Workload, of.Model, scenario.Name, Detail: !ramp),
            $"lines of {report.Items} per second and of {percentile.Title} latency over the window for {Words.List(cases.Select(c => report.Title(c.Contender)))}",
            PanelHeight + BetweenPanels + PanelHeight + Below, option);
    }

    private static JsonObject Line(ReportContext report, CaseResult of, int panel, Func<TimelinePart, double?> value, string what)
    {
        var colour = Theme.Contender(report, of.Contender);
        var line = OptionJson.Node(new
        {
            type = "line",
            name = report.Title(of.Contender),
            xAxisIndex = panel,
            yAxisIndex = panel,
            lineStyle = new { color = colour, width = 2, type = of.Valid ? "solid" : "dashed" },
            itemStyle = of.Valid ? OptionJson.Node(new { color = colour }) : HollowPoint.Style(colour),
            symbol = "circle",
            symbolSize = 6,
            emphasis = new { disabled = true },
        });
        line["data"] = OptionJson.Array(of.Timeline.Parts.Select(p => Point(report, of, p, value(p), what)));
        return line;
    }

    private static JsonNode Point(ReportContext report, CaseResult of, TimelinePart part, double? value, string what)
    {
        var middle = Math.Round(part.StartSeconds + (of.Timeline.PartSeconds / 2), 6);
        if (value is not { } v) return new JsonArray(middle, "-");
        var tip = $"<b>{Tips.Html(report.Title(of.Contender))}</b>, trial {of.Timeline.Trial}<br>" +
            $"{NumberText.Significant(part.StartSeconds)} to {NumberText.Significant(part.StartSeconds + of.Timeline.PartSeconds)} s<br>{Tips.Html(what)}: {NumberText.Significant(v)}";
        return OptionJson.Node(new { value = new[] { middle, double.Parse(v.ToString("G6")) }, tip });
    }

    private static JsonObject Seconds(int panel, double window, string name)
    {
        var axis = Axes.Value(name, Math.Round(window, 6), horizontal: true);
        axis["gridIndex"] = panel;
        axis["splitLine"] = OptionJson.Node(new { show = false });
        return axis;
    }

    private static JsonObject Value(int panel, string name)
    {
        var axis = Axes.Value(name);
        axis["gridIndex"] = panel;
        axis["splitNumber"] = 3;
        return axis;
    }
}
