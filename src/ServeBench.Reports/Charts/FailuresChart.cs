using ServeBench.Domain.Samples;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts.Plots;

namespace ServeBench.Reports.Charts;

/// <summary>The share of requests that failed at each level, for scenarios in which any did.</summary>
internal sealed class FailuresChart : IChart
{
    public string Id => "5-failures";

    public IEnumerable<Chart> Draw(ReportContext report) =>
        from subject in report.Subjects
        from scenario in subject.Workload.Scenarios
        let cases = report.Cases(subject.Workload.Name, subject.Model.Name, scenario.Name)
        where cases.Any(c => c.Metrics[FailureShare.MetricId].Greatest > 0)
        select Draw(report, cases);

    private static Chart Draw(ReportContext report, IReadOnlyList<CaseResult> cases)
    {
        var of = cases[0];
        var metric = MetricCatalogue.Get(FailureShare.MetricId);
        var levels = cases.Select(c => c.Level).Distinct().ToArray();
        var bars = new BarsPlot
        {
            Categories = [.. levels.Select(l => Category(cases.First(c => c.Level == l)))],
            CategoryName = of.Stages is not null ? "" : of.LoopKind.Axis,
            ValueName = "failed requests, %",
            Series =
            [
                .. cases
                    .Select(x => x.Contender)
                    .Distinct()
                    .Select(contender => new BarSeries(report.Title(contender), Theme.Contender(report, contender),
                        [.. levels.Select(l => Bar(report, cases.FirstOrDefault(x => x.Level == l && x.Contender == contender), metric))])),
            ],
        };
        return new Chart
        {
            Name = Names.Chart(report, "failures", of),
            Title = $"Failed requests on {of.Workload}",
            Caption = "of all requests; bar: median of trials; line: least to greatest trial; lower is better",
            Shows = "bars of the share of failed requests for each stack and level",
            Place = new ChartPlace(of.Workload, of.Model, of.Scenario),
            Plot = bars,
        };
    }

    private static Category Category(CaseResult of)
    {
        if (of.Stages is not null) return new Category(of.LevelTitle, of.LevelTitle);
        var level = $"{of.Concurrency ?? of.RatePerSecond:0.###}";
        return new Category(level, $"{level} {of.LoopKind.Level}");
    }

    private static Bar? Bar(ReportContext report, CaseResult? of, IMetric metric)
    {
        if (Tips.Bar(report, of, metric) is not { Greatest: > 0 } bar) return null;
        var kinds = of!.Trials.SelectMany(t => t.Outcomes).Where(o => o.Key != Outcome.Success.Id()).GroupBy(o => o.Key)
            .Select(g => $"<br>{g.Key}: {g.Sum(o => o.Value):#,0}");
        return bar with { Tip = bar.Tip + string.Concat(kinds) };
    }
}
