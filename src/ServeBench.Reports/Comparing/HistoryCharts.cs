using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Comparing;

/// <summary>The value of every stack in each of many runs, one chart for each question of each workload.</summary>
public static class HistoryCharts
{
    /// <summary>Fewer are no history.</summary>
    public const int FewestRuns = 2;

    /// <param name="runs">That are like each other (<see cref="Facet"/>), the oldest first; the newest decides what is asked.</param>
    /// <returns>None where there are too few runs, or nothing was compared.</returns>
    public static IReadOnlyList<Chart> Of(IReadOnlyList<ComparedRun> runs)
    {
        if (runs.Count < FewestRuns || runs[^1].Manifest is not { } manifest) return [];
        var report = new ReportContext(runs[^1].Results, manifest);
        return [.. runs[^1].Results.Answers.Where(a => a.Metric is not null).Select(a => Draw(report, runs, a))];
    }

    private static Chart Draw(ReportContext report, IReadOnlyList<ComparedRun> runs, Answer of)
    {
        var metric = MetricCatalogue.Get(of.Metric!);
        LineSeries[] series =
        [
            .. report.Stacks
                .Select(stack => new LineSeries(report.Title(stack), Theme.Stack(report, stack), 0, Connected: true, Dashed: false,
                    [.. runs.Select((run, i) => Point(report, metric, run, i + 1, Side(run, of, stack)))]))
                        .Where(s => s.Points.Any(p => p.Y is not null)),
        ];
        var subject = AnswerText.Subject(report, of);
        return new Chart
        {
            Name = string.Join('-', ((string?[])["history", of.Question, of.Workload, of.Model, of.Scenario, of.Level]).OfType<string>()),
            Title = $"{Words.Capital(of.Question)} over {Plural.Of(runs.Count, "run")}: {subject}",
            Caption =
                $"median of each run, from {Words.Utc(runs[0].Results.Run.StartedUtc)} to {Words.Utc(runs[^1].Results.Run.StartedUtc)}; " +
                    $"{(metric.Better == Better.Higher ? "higher" : "lower")} is better",
            Shows = $"lines of {metric.Title} for {Words.List(series.Select(s => s.Name))}, run after run",
            Place = new ChartPlace(of.Workload, of.Model, of.Scenario),
            Mark = report.WeightsMark ?? "",
            Plot = new LinesPlot
            {
                XName = "run, the oldest first",
                XMinimum = 1,
                XMaximum = runs.Count,
                IsCounted = true,
                Panels =
                [
                    new Panel("", Words.Heading(metric, report.Items),
                        Scale.NiceMaximum(series.SelectMany(s => s.Points).Max(p => p.Y ?? 0) * 1.05), Logarithmic: false, series),
                ],
            },
        };
    }

    private static ComparisonSide? Side(ComparedRun run, Answer of, string stack) => run.Results.Answers
        .FirstOrDefault(
            a => (
                a.Question,
                a.Workload,
                a.Model,
                a.Scenario,
                a.Level,
                a.Metric) == (of.Question, of.Workload, of.Model, of.Scenario, of.Level, of.Metric))?
        .Standings.FirstOrDefault(s => s.Stack == stack);

    private static PlotPoint Point(ReportContext report, IMetric metric, ComparedRun run, int place, ComparisonSide? side) =>
        side?.Median is { } median
            ? new PlotPoint(
                place,
                Tips.Shown(metric, median),
                Valid: true,
                "",
                Tips.Html($"{report.Title(side.Stack)}, {run.Id}: {NumberText.WithUnit(metric.Unit, median)}"))
            : new PlotPoint(place, null, Valid: true, "", "");
}
