using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts.Plots;

namespace ServeBench.Reports.Charts;

/// <summary>How much of the raw runtime's throughput each stack keeps, at its best VALID level of every closed loop.</summary>
internal sealed class ServingEfficiencyChart : IChart
{
    /// <summary>The raw loop does not group by length: what a mixed workload costs it in padding, a server can save.</summary>
    private const string Above =
        "; above 100 %: the raw loop takes inputs as they come, in one batch size, and a stack that groups them by length pads less";

    public string Id => "6-serving-efficiency";

    public IEnumerable<Chart> Draw(ReportContext report)
    {
        var metric = MetricCatalogue.Get(ServingEfficiency.MetricId);
        var asked = report.Results.Answers.Where(a => report.Questions.Get(a.Question).IsOfRates);
        Answer[] capacity = [.. asked.Where(a => a.Standings.Any(s => s.Level is not null))];
        capacity = [.. capacity.Where(a => Best(report, a).Any(c => c.Median(metric.Id) is not null))];
        if (capacity.Length == 0) yield break;
        var bars = new BarsPlot
        {
            Categories =
                [.. capacity.Select(a => report.SeveralModels ? $"{a.Workload}, {a.Model}" : a.Workload).Select(t => new Category(t, t))],
            CategoryName = "",
            ValueName = "% of the raw runtime",
            LeastMaximum = 100,
            Reference = (100, "raw runtime, no server: 100 %"),
            Series =
            [
                .. report.Manifest.Contenders
                    .Select(c => c.Label)
                    .Select(contender => new BarSeries(report.Title(contender), Theme.Contender(report, contender),
                        [.. capacity.Select(
                            a => Tips.Bar(report, Best(report, a).FirstOrDefault(c => c.Contender == contender), metric))])),
            ],
        };
        yield return new Chart
        {
            Name = "serving-efficiency",
            Title = "Serving efficiency: what is left of the raw runtime's throughput",
            Caption = "each stack at its best level of a closed loop; bar: median; line: least to greatest trial; dot: one trial; "
                + "higher is better" + (bars.Series.Any(s => s.Items.Any(b => b?.Median > 100)) ? Above : ""),
            Shows = "bars in per cent for each stack and workload",
            Place = new ChartPlace(),
            Plot = bars,
        };
    }

    /// <summary>The cases that the stacks have in an answer.</summary>
    private static IEnumerable<CaseResult> Best(ReportContext report, Answer answer) =>
        from side in answer.Standings
        from c in report.Cases(answer.Workload, answer.Model, answer.Scenario)
        where c.Stack == side.Stack && c.Level == side.Level && c.Host == answer.Host
        select c;
}
