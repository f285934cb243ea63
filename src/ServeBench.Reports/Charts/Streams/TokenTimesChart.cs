using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>How the times to the first token and the gaps between pieces are distributed, of streamed answers.</summary>
internal sealed class TokenTimesChart : IChart
{
    public string Id => "2-token-times";

    public IEnumerable<Chart> Draw(ReportContext report) =>
        from subject in report.Subjects
        from scenario in subject.Workload.Scenarios
        let all = report.Cases(subject.Workload.Name, subject.Model.Name, scenario.Name)
        where all.Any(c => c.Streams is not null)
        let level = MainLevel(all, report.Questions.Find(scenario.Question) is { IsAtOneLoad: true })
        let cases = all.Where(c => c.Level == level && c.Streams is not null).ToArray()
        where cases.Any(c => c.Streams!.Ttft.Count > 1 || c.Streams.Itl.Count > 1)
        select Draw(report, cases);

    /// <summary>Open loop: the highest rate that all held; closed loop: where the best is at its best.</summary>
    public static string MainLevel(IReadOnlyList<CaseResult> cases, bool isAtOneLoad)
    {
        if (isAtOneLoad) return LatencyPercentilesChart.Main(cases);
        var valid = cases.Where(c => c.Valid).ToArray();
        return (valid.Length > 0 ? valid : cases).MaxBy(c => c.Median(OutputThroughput.MetricId) ?? 0)!.Level;
    }

    private static Chart Draw(ReportContext report, CaseResult[] cases)
    {
        var of = cases[0];
        return new Chart
        {
            Name = Names.Chart(report, "token-times", of, of.Level),
            Title = $"First tokens and gaps on {of.Workload}, {of.LevelTitle}",
            Caption = "each stack's trial nearest to its median; a point says how many per cent took no longer; lower is better",
            Shows = "lines of the quantiles of the time to the first token and of the gaps between pieces, in milliseconds, for "
                + Words.List(cases.Select(c => report.Title(c.Contender))),
            Place = new ChartPlace(of.Workload, of.Model, of.Scenario),
            Plot = new LinesPlot
            {
                XName = "per cent that took no longer",
                XMaximum = 100,
                Beside = true,
                Panels =
                [
                    .. Panel(report, "Time to the first token", "TTFT, ms", cases, s => s.Ttft),
                    .. Panel(report, "Gaps between pieces", "ITL, ms", cases, s => s.Itl),
                ],
            },
        };
    }

    private static IEnumerable<Panel> Panel(
        ReportContext report, string title, string what, CaseResult[] cases, Func<StreamResult, IReadOnlyList<QuantilePoint>> of)
    {
        LineSeries[] series =
        [
            .. cases.Select(c => new LineSeries(
                report.Title(c.Contender),
                Theme.Contender(report, c.Contender),
                Theme.Symbol(report, c.Contender),
                Connected: true,
                Dashed: !c.Valid,
                [.. of(c.Streams!).Select(q => Point(report, c, q, what))])),
        ];
        if (series.All(s => s.Points.Count == 0)) yield break;
        yield return new Panel(
            title, what, Scale.NiceMaximum(series.SelectMany(s => s.Points).Max(p => p.Y ?? 0) * 1.05), Logarithmic: false, series);
    }

    private static PlotPoint Point(ReportContext report, CaseResult of, QuantilePoint quantile, string what)
    {
        var value = Shown(quantile.Seconds);
        var tip = $"<b>{Tips.Html(report.Title(of.Contender))}</b><br>{LatencyPercentile.Name(quantile.Share)} of {Tips.Html(what)}: "
            + NumberText.Significant(value);
        return new PlotPoint(Math.Round(100 * quantile.Share, 6), value, of.Valid, "", tip);
    }

    private static double Shown(double seconds) => double.Parse((seconds * MetricUnit.Milliseconds.Factor).ToString("G6"));
}
