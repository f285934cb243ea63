using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>
/// Capacity against operational complexity. Drawn only where stacks differ in complexity: else it would be one column of
/// points that says nothing.
/// </summary>
internal sealed class ComplexityChart : IChart
{
    public string Id => "8-complexity";

    public IEnumerable<Chart> Draw(ReportContext report)
    {
        Answer[] answers =
            [.. report.Results.Answers.Where(a => IsShown(report.Questions.Get(a.Question)) && a.Standings.Any(s => s.Median is not null))];
        var contenders = report.Results.Contenders
            .Where(c => !c.IsTwin && report.Endpoint(c.Label) is null)
            .Where(c => answers.Any(a => a.Standings.Any(s => s.Stack == c.Stack && s.Median is not null)))
            .DistinctBy(c => c.Label)
            .ToArray();
        if (contenders.Select(c => c.Complexity).Distinct().Count() < 2) yield break;
        yield return new Chart
        {
            Name = "complexity",
            Title = "Capacity against the effort of running it",
            Caption = "capacity relative to the best stack of the workload; points of the same effort are side by side; "
                + "further up and left is better",
            Shows = "a point for each stack and workload",
            Place = new ChartPlace(),
            Plot = new LinesPlot
            {
                XName = "complexity, 1 (one file, one command) to 10 (a cluster and a team)",
                XMinimum = 1,
                XMaximum = 10,
                Beside = true,
                Panels = [
                    .. answers.Select(
                        a => new Panel(
                            Title(report, a),
                            "% of the best stack's capacity",
                            100,
                            Logarithmic: false,
                            [.. contenders.Select((c, i) => Points(report, c, i, a))]))],
            },
        };
    }

    private static bool IsShown(Question question) => question is { IsOfRates: true, IsBeside: false };

    private static string Title(ReportContext report, Answer answer) =>
        report.SeveralModels ? $"{answer.Workload}, {answer.Model}" : answer.Workload;

    private static LineSeries Points(ReportContext report, ContenderResult contender, int index, Answer answer)
    {
        var series = new LineSeries(
            report.Title(contender.Label),
            Theme.Stack(report, contender.Stack),
            Theme.Symbol(report, contender.Label),
            Connected: false,
            Dashed: false,
            []);
        if (answer.Standings.FirstOrDefault(s => s.Stack == contender.Stack)?.Median is not { } median) return series;
        var share = Math.Round(median / answer.Standings.Max(s => s.Median)!.Value * 100, 4);
        var tip =
            $"<b>{Tips.Html(series.Name)}</b><br>{Tips.Html(answer.Workload)}: "
                + $"{NumberText.Significant(median)} {AnswerText.PerSecond(report, answer.Metric!)}, "
                + $"{NumberText.Significant(share)} % of the best<br>complexity {contender.Complexity}";
        return series with { Points = [new PlotPoint(contender.Complexity, share, Valid: true, $"{index + 1}", tip)] };
    }
}
