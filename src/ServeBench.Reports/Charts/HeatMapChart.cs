using System.Text.Json.Nodes;
using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>All figures that decide, metric by stack, coloured by how far each is from the best.</summary>
internal sealed class HeatMapChart : IChart
{
    private const int RowHeight = 30;
    private const int KeyHeight = 10;
    private const int HeadingLine = 13;
    private const int Left = 250;
    private const int Right = 24;

    /// <summary>Upper limits of value to best for all colours but the last.</summary>
    private static readonly double[] Limits = [1.05, 1.25, 1.5, 2];

    public string Id => "7-heat-map";

    public IEnumerable<Chart> Draw(ReportContext report)
    {
        Line[] lines = [.. Lines(report).Where(l => l.Values.Count(v => v is > 0) >= 2)];
        if (lines.Length == 0) yield break;
        var frame = new Frame("Every figure that decides, beside the best", "the colour says how many times better the best of the row is; figures are medians over trials", []);
        var option = frame.Option();
        var columnWidth = ((Frame.Width - Left - Right) / report.Stacks.Count) - 12;
        var headings = (report.Stacks.Max(s => HeadingLines(report.Title(s), columnWidth)) - 1) * HeadingLine;
        option["grid"] = Frame.Grid(frame.Top + KeyHeight + headings, bottom: 16, left: Left, right: Right);
        var stacks = Axes.Category(report.Stacks.Select(report.Title), "");
        stacks["position"] = "top";
        stacks["axisLine"] = OptionJson.Node(new { show = false });
        stacks["axisLabel"]!["width"] = columnWidth;
        stacks["axisLabel"]!["overflow"] = "break";
        stacks["axisLabel"]!["hideOverlap"] = false;
        option["xAxis"] = stacks;
        var rows = Axes.Category(lines.Select(l => l.Title), "");
        rows["inverse"] = true;
        rows["axisLine"] = OptionJson.Node(new { show = false });
        option["yAxis"] = rows;
        option["visualMap"] = ColourKey();
        var cells = OptionJson.Node(new { type = "heatmap", itemStyle = new { borderColor = Theme.Ground, borderWidth = 3, borderRadius = 4 }, emphasis = new { disabled = true }, label = new { show = true, color = Theme.Text, fontSize = 12 } });
        cells["data"] = OptionJson.Array(lines.SelectMany((line, row) => line.Values.Select((value, column) => Cell(report, line, value, row, column)).OfType<JsonObject>()));
        option["series"] = OptionJson.Array([cells]);
        yield return frame.Chart("heat-map", new ChartPlace(),
            $"a table of {Words.List(lines.Select(l => l.Title))} for {Words.List(report.Stacks.Select(report.Title))}", KeyHeight + headings + (lines.Length * RowHeight) + 24, option);
    }

    private static IEnumerable<Line> Lines(ReportContext report)
    {
        foreach (var answer in report.Results.Answers.Where(a => a.Metric is not null))
        {
            var metric = MetricCatalogue.Get(answer.Metric!);
            var name = report.SeveralModels ? $"{answer.Workload}, {answer.Model}" : answer.Workload;
            var title = answer.Question == Questions.Capacity
                ? $"{name}: {report.Items}/s"
                : $"{name}: {metric.Title} at {report.Results.Cases.First(c => c.Level == answer.Level && c.Workload == answer.Workload).RatePerSecond:0.###}/s";
            yield return new Line(title, metric, [.. report.Stacks.Select(s => answer.Standings.FirstOrDefault(x => x.Stack == s)?.Median)]);
        }
        var coldStart = MetricCatalogue.Get(ColdStart.MetricId);
        var memory = MetricCatalogue.Get(MemoryMean.MetricId);
        foreach (var model in report.Manifest.Models.Select(m => m.Name))
        {
            var of = report.SeveralModels ? $", {model}" : "";
            yield return new Line($"cold start{of}", coldStart, [.. report.Stacks.Select(s => report.Results.Contenders.First(c => c.Stack == s && c.Model == model && !c.IsTwin).Metrics.GetValueOrDefault(coldStart.Id)?.Median)]);
            yield return new Line($"memory, largest of VALID cases{of}", memory, [.. report.Stacks.Select(s => report.Results.Cases.Where(c => c.Stack == s && c.Model == model && !c.IsTwin && c.Valid).Max(c => c.Median(memory.Id)))]);
        }
    }

    /// <summary>In how many lines a column's title is broken, by the mean width of a letter; generously, because the key stands above them.</summary>
    private static int HeadingLines(string title, int width)
    {
        const double LetterWidth = 7.3;
        var (lines, at) = (1, 0.0);
        foreach (var word in title.Split(' '))
        {
            var length = word.Length * LetterWidth;
            if (at > 0 && at + LetterWidth + length > width) (lines, at) = (lines + 1, 0);
            if (at > 0) at += LetterWidth;
            // A word that is too long for a line is broken within.
            lines += Math.Max(0, (int)Math.Ceiling(length / width) - 1);
            at += length;
        }
        return lines;
    }

    private static JsonObject? Cell(ReportContext report, Line line, double? value, int row, int column)
    {
        if (value is not > 0) return null;
        var best = line.Metric.Better == Better.Higher ? line.Values.Max()!.Value : line.Values.Where(v => v is > 0).Min()!.Value;
        var times = Math.Max(value.Value / best, best / value.Value);
        var figure = NumberText.WithUnit(line.Metric.Unit, value.Value);
        return OptionJson.Node(new
        {
            value = new[] { column, row, Math.Round(times, 4) },
            label = new { formatter = figure },
            tip = $"<b>{Tips.Html(report.Title(report.Stacks[column]))}</b><br>{Tips.Html(line.Title)}: {Tips.Html(figure)}<br>{(times > 1 ? $"the best is {NumberText.Significant(times)} times better" : "the best")}",
        });
    }

    private static JsonObject ColourKey()
    {
        var pieces = Theme.Steps.Select((colour, i) => new JsonObject
        {
            ["color"] = colour,
            [i == 0 ? "gte" : "gt"] = i == 0 ? 1 : Limits[i - 1],
            ["label"] = i == 0 ? $"best, or within {Limits[0]:0.##}×" : i < Limits.Length ? $"to {Limits[i]:0.##}×" : $"beyond {Limits[^1]:0.##}×",
        }).ToArray();
        for (var i = 0; i < Limits.Length; i++) pieces[i]["lte"] = Limits[i];
        var key = OptionJson.Node(new
        {
            type = "piecewise",
            dimension = 2,
            orient = "horizontal",
            left = 12,
            top = 60,
            itemWidth = 14,
            itemHeight = 10,
            itemGap = 16,
            textStyle = new { color = Theme.Text, fontSize = 12 },
        });
        key["pieces"] = OptionJson.Array(pieces);
        return key;
    }

    private sealed record Line(string Title, IMetric Metric, IReadOnlyList<double?> Values);
}
