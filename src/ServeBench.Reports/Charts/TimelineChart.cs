using ServeBench.Domain.Trials;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>
/// The course of one measured window: throughput above, latency below, each contender's trial nearest to its median. Shows
/// whether a number was steady or drifted.
/// </summary>
internal sealed class TimelineChart : IChart
{
    public string Id => "4-timeline";

    public IEnumerable<Chart> Draw(ReportContext report) =>
        from subject in report.Subjects
        from scenario in subject.Workload.Scenarios
        let all = report.Cases(subject.Workload.Name, subject.Model.Name, scenario.Name)
        where all.Count > 0
        let question = report.Questions.Find(scenario.Question)
        let level = Level(all, question)
        select Draw(report, scenario, question, [.. all.Where(c => c.Level == level)]);

    /// <summary>Closed loop: where the best contender is at its best; open loop: the highest rate that all held.</summary>
    private static string Level(IReadOnlyList<CaseResult> cases, Question? question)
    {
        if (question is { IsAtOneLoad: true }) return LatencyPercentilesChart.Main(cases);
        var valid = cases.Where(c => c.Valid).ToArray();
        return (valid.Length > 0 ? valid : cases).MaxBy(c => c.Median(ItemThroughput.MetricId))!.Level;
    }

    /// <param name="question">What the scenario asks; null where nothing is compared.</param>
    private static Chart Draw(ReportContext report, ScenarioRecord scenario, Question? question, IReadOnlyList<CaseResult> cases)
    {
        var of = cases[0];
        var ramp = question is null;
        // One percentile for all lines: p95 only where every part of every window has enough samples for it.
        var p95 = cases.All(c => c.Timeline.Parts.All(p => p.P95Seconds is not null));
        var percentile = MetricCatalogue.Get(p95 ? LatencyPercentile.P95 : LatencyPercentile.P50);
        var window = Math.Round(cases.Max(c => c.Timeline.Parts.Count * c.Timeline.PartSeconds), 6);
        return new Chart
        {
            Name = Names.Chart(report, "timeline", of),
            Title = $"The measured window on {of.Workload}, {of.LevelTitle}",
            Caption = ramp
                ? "each stack's trial nearest to its median; the load changes as said above, and latency with it"
                : "each stack's trial nearest to its median; a steady line means a steady number",
            Shows = $"lines of {report.Items} per second and of {percentile.Title} latency over the window for "
                + $"{Words.List(cases.Select(c => report.Title(c.Contender)))}",
            Place = new ChartPlace(of.Workload, of.Model, scenario.Name, Detail: !ramp),
            Plot = new LinesPlot
            {
                XName = "seconds into the window, by intended send",
                XMaximum = window,
                Height = 360,
                Panels =
                [
                    Panel(
                        $"{report.Items} per second",
                        [.. cases.Select(c => Line(report, c, p => p.SuccessesPerSecond * c.ItemsPerRequest, $"{report.Items}/s"))]),
                    Panel(
                        $"{(p95 ? "p95" : "median")} latency, ms",
                        [.. cases.Select(
                            c => Line(
                                report, c, p => (p95 ? p.P95Seconds : p.P50Seconds) * percentile.Unit.Factor, $"{percentile.Title}, ms"))]),
                ],
            },
        };
    }

    private static Panel Panel(string valueName, IReadOnlyList<LineSeries> series) =>
        new("", valueName, Scale.NiceMaximum(series.SelectMany(s => s.Points).Max(p => p.Y ?? 0) * 1.05), Logarithmic: false, series);

    private static LineSeries Line(ReportContext report, CaseResult of, Func<TimelinePart, double?> value, string what) =>
        new(
            report.Title(of.Contender),
            Theme.Contender(report, of.Contender),
            Theme.Symbol(report, of.Contender),
            Connected: true,
            Dashed: !of.Valid,
            [.. of.Timeline.Parts.Select(p => Point(report, of, p, value(p), what))]);

    private static PlotPoint Point(ReportContext report, CaseResult of, TimelinePart part, double? value, string what)
    {
        var middle = Math.Round(part.StartSeconds + (of.Timeline.PartSeconds / 2), 6);
        if (value is not { } v) return new PlotPoint(middle, null, of.Valid, "", "");
        var tip = $"<b>{Tips.Html(report.Title(of.Contender))}</b>, trial {of.Timeline.Trial}<br>" +
            $"{NumberText.Significant(part.StartSeconds)} to {NumberText.Significant(part.StartSeconds + of.Timeline.PartSeconds)} " +
            $"s<br>{Tips.Html(what)}: {NumberText.Significant(v)}";
        return new PlotPoint(middle, double.Parse(v.ToString("G6")), of.Valid, "", tip);
    }
}
