using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>
/// What each stack can serve, with the range over trials, against the raw runtime: its throughput at each level of a closed loop, or, where
/// that was searched for, its max rate under objective.
/// </summary>
internal sealed class ThroughputChart : IChart
{
    public string Id => "1-throughput";

    public IEnumerable<Chart> Draw(ReportContext report) =>
        from subject in report.Subjects
        from scenario in subject.Workload.Scenarios
        where report.Questions.Find(scenario.Question) is { IsOfRates: true }
        let cases = report.Cases(subject.Workload.Name, subject.Model.Name, scenario.Name)
        where cases.Count > 0
        select Draw(report, cases);

    private static Chart Draw(ReportContext report, IReadOnlyList<CaseResult> cases)
    {
        var of = cases[0];
        var isSearch = of.Concurrency is null;
        var metric = MetricCatalogue.Get(isSearch ? MaxRate.MetricId : ItemThroughput.MetricId);
        var levels = cases.Select(c => c.Level).Distinct().ToArray();
        var ceiling = report.Results.Ceilings.FirstOrDefault(
            c => c.Workload == of.Workload && c.Model == of.Model && c.Precision == of.Precision)?.ItemsPerSecond.Median
            / (isSearch ? of.ItemsPerRequest : 1);
        var inFlight = levels.Select(l => $"{cases.First(c => c.Level == l).Concurrency}").ToArray();
        var bars = new BarsPlot
        {
            Categories = isSearch
                ? [new Category("", "largest rate within the objectives")]
                : [.. inFlight.Select(n => new Category(n, $"{n} in flight"))],
            CategoryName = isSearch ? "" : "requests in flight",
            ValueName = $"{(isSearch ? "requests" : report.Items)} per second",
            Reference = ceiling is { } c ? (Tips.Shown(metric, c), $"raw runtime, no server: {NumberText.Shown(metric.Unit, c)}/s") : null,
            Series =
            [
                .. cases
                    .Select(x => x.Contender)
                    .Distinct()
                    .Select(contender => new BarSeries(report.Title(contender), Theme.Contender(report, contender),
                        [.. levels.Select(
                            l => Tips.Bar(report, cases.FirstOrDefault(x => x.Level == l && x.Contender == contender), metric))])),
            ],
        };
        return new Chart
        {
            Name = Names.Chart(report, "throughput", of),
            Title = isSearch ? $"Max rate under objective on {of.Workload}" : $"Throughput on {of.Workload}",
            Caption = "bar: median of trials; line: least to greatest trial; dot: one trial; higher is better",
            Shows = isSearch
                ? "bars of the largest rate within the objectives, in requests per second, for each stack"
                : $"bars of {report.Items} per second for each stack at {Words.List(inFlight)} requests in flight",
            Place = new ChartPlace(of.Workload, of.Model, of.Scenario),
            Plot = bars,
        };
    }
}
