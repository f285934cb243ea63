using ServeBench.Measurement.Metrics;
using ServeBench.Reports.Charts.Plots;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>All figures that decide, metric by stack, coloured by how far each is from the best.</summary>
internal sealed class HeatMapChart : IChart
{
    /// <summary>Upper limits of value to best for all colours but the last.</summary>
    private static readonly double[] Limits = [1.05, 1.25, 1.5, 2];

    public string Id => "7-heat-map";

    public IEnumerable<Chart> Draw(ReportContext report)
    {
        Line[] lines = [.. Lines(report).Where(l => l.Values.Count(v => v is > 0) >= 2)];
        if (lines.Length == 0) yield break;
        yield return new Chart
        {
            Name = "heat-map",
            Title = "Every figure that decides, beside the best",
            Caption = "the colour says how many times better the best of all stacks is; figures are medians over trials",
            Shows = $"a table of {Words.List(lines.Select(l => l.Title))} for {Words.List(report.Stacks.Select(report.Title))}",
            Place = new ChartPlace(),
            Plot = new HeatPlot
            {
                Subjects = [.. report.Stacks.Select(report.Title)],
                Lines = [.. lines.Select(l => new HeatLine(l.Topic, l.What, [.. l.Values.Select(v => Cell(l, v))]))],
                Key = [.. Theme.Steps.Select((colour, i) => new HeatStep(colour, Meaning(i)))],
            },
        };
    }

    private static IEnumerable<Line> Lines(ReportContext report)
    {
        foreach (var answer in report.Results.Answers.Where(a => a.Metric is not null))
        {
            var metric = MetricCatalogue.Get(answer.Metric!);
            var name = report.SeveralModels ? $"{answer.Workload}, {answer.Model}" : answer.Workload;
            var what = (report.Questions.Get(answer.Question), answer.Metric) switch
            {
                ({ IsAtOneLoad: true }, _) => $"{metric.Title} at {AnswerText.RateOf(report, answer):0.###}/s",
                (_, MaxRate.MetricId) => "max rate",
                (_, ItemThroughput.MetricId) => $"{report.Items}/s",
                _ => metric.Title,
            };
            var medians = report.Stacks.Select(s => answer.Standings.FirstOrDefault(x => x.Stack == s)?.Median);
            yield return new Line(name, what, metric, [.. medians]);
        }
        var coldStart = MetricCatalogue.Get(ColdStart.MetricId);
        var memory = MetricCatalogue.Get(MemoryMean.MetricId);
        foreach (var model in report.Manifest.Models.Select(m => m.Name))
        {
            var of = report.SeveralModels ? model : "";
            yield return new Line(
                of,
                "cold start",
                coldStart,
                [.. report.Stacks.Select(
                    s => report.Results.Contenders
                        .First(c => c.Stack == s && c.Model == model && !c.IsTwin).Metrics
                        .GetValueOrDefault(coldStart.Id)?.Median)]);
            yield return new Line(
                of,
                "memory, largest of VALID cases",
                memory,
                [.. report.Stacks.Select(
                    s => report.Results.Cases
                        .Where(c => c.Stack == s && c.Model == model && !c.IsTwin && c.Valid)
                        .Max(c => c.Median(memory.Id)))]);
        }
    }

    private static HeatCell? Cell(Line line, double? value)
    {
        if (value is not > 0) return null;
        var best = line.Metric.Better == Better.Higher ? line.Values.Max()!.Value : line.Values.Where(v => v is > 0).Min()!.Value;
        var times = Math.Max(value.Value / best, best / value.Value);
        return new HeatCell(NumberText.WithUnit(line.Metric.Unit, value.Value), Limits.Count(l => times > l));
    }

    private static string Meaning(int step)
    {
        if (step == 0) return $"best, or within {Limits[0]:0.##}×";
        return step < Limits.Length ? $"to {Limits[step]:0.##}×" : $"beyond {Limits[^1]:0.##}×";
    }

    private sealed record Line(string Topic, string What, IMetric Metric, IReadOnlyList<double?> Values)
    {
        public string Title => Topic.Length == 0 ? What : $"{Topic}: {What}";
    }
}
