using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>What more tokens per second cost: the time to the first token and the gaps, level by level of a closed loop.</summary>
internal sealed class TokensLatencyChart : IChart
{
    private const int LeastLevels = 2;

    public string Id => "3-tokens-latency";

    public IEnumerable<Chart> Draw(ReportContext report) =>
        from subject in report.Subjects
        from scenario in subject.Workload.Scenarios
        where report.Questions.Find(scenario.Question) is { IsAtOneLoad: false }
        let cases = report.Cases(subject.Workload.Name, subject.Model.Name, scenario.Name)
            .Where(c => c.Median(OutputThroughput.MetricId) is not null && c.Concurrency is not null).ToArray()
        where cases.Select(c => c.Level).Distinct().Count() >= LeastLevels
        let first = Supported(cases, StreamPercentiles.TtftP95, StreamPercentiles.TtftP90, StreamPercentiles.TtftP50)
        let gaps = Supported(cases, StreamPercentiles.ItlP95, StreamPercentiles.ItlP90, StreamPercentiles.ItlP50)
        where first is not null || gaps is not null
        select Draw(report, cases, [.. new[] { first, gaps }.OfType<IMetric>()]);

    /// <summary>The first that every case has.</summary>
    private static IMetric? Supported(IReadOnlyList<CaseResult> cases, params string[] ids) =>
        ids.Where(id => cases.All(c => c.Median(id) is not null)).Select(MetricCatalogue.Get).FirstOrDefault();

    private static Chart Draw(ReportContext report, CaseResult[] cases, IReadOnlyList<IMetric> metrics)
    {
        var contenders = cases.Select(c => c.Contender).Distinct().ToArray();
        return new Chart
        {
            Name = Names.Chart(report, "tokens-latency", cases[0]),
            Title = $"{Words.List(metrics.Select(m => m.Title))} against tokens per second on {cases[0].Workload}",
            Caption = "each point: the medians over trials at one level, its number: users; further right and lower is better",
            Shows = $"a line for each of {Words.List(contenders.Select(report.Title))}",
            Place = new ChartPlace(cases[0].Workload, cases[0].Model, cases[0].Scenario),
            Plot = new LinesPlot
            {
                XName = "output tokens per second, all users together",
                XMaximum = Scale.NiceMaximum(cases.Max(c => c.Median(OutputThroughput.MetricId)!.Value) * 1.02),
                Beside = true,
                Panels = [.. metrics.Select(m => Panel(report, cases, contenders, m))],
            },
        };
    }

    private static Panel Panel(ReportContext report, CaseResult[] cases, string[] contenders, IMetric metric) => new(
        "",
        $"{metric.Title}, ms",
        Scale.NiceMaximum(cases.Max(c => Tips.Shown(metric, c.Median(metric.Id)!.Value)) * 1.1),
        Logarithmic: false,
        [
            .. contenders.Select(contender => new LineSeries(
                report.Title(contender),
                Theme.Contender(report, contender),
                Theme.Symbol(report, contender),
                Connected: true,
                Dashed: false,
                [.. cases.Where(c => c.Contender == contender).Select(c => new PlotPoint(
                    Tips.Shown(MetricCatalogue.Get(OutputThroughput.MetricId), c.Median(OutputThroughput.MetricId)!.Value),
                    Tips.Shown(metric, c.Median(metric.Id)!.Value),
                    c.Valid,
                    c.IsTwin ? "" : $"{c.Concurrency}",
                    Tips.Tip(report, c, metric, c.Metrics[metric.Id])))])),
        ]);
}
