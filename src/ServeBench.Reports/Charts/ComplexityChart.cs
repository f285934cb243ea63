using System.Text.Json.Nodes;
using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Charts;

/// <summary>
/// Throughput against operational complexity. Drawn only where stacks differ in complexity: else it would be one column of
/// points that says nothing.
/// </summary>
internal sealed class ComplexityChart : IChart
{
    private const int Below = 52;

    private static readonly string[] Symbols = ["circle", "rect", "triangle", "diamond"];

    public string Id => "8-complexity";

    public IEnumerable<Chart> Draw(ReportContext report)
    {
        Answer[] answers = [.. report.Results.Answers.Where(a => a.Question == Questions.Capacity && a.Standings.Any(s => s.Median is not null))];
        var contenders = report.Results.Contenders.Where(c => !c.IsTwin && answers.Any(a => a.Standings.Any(s => s.Stack == c.Stack && s.Median is not null))).DistinctBy(c => c.Label).ToArray();
        if (contenders.Select(c => c.Complexity).Distinct().Count() < 2) yield break;
        var caption = $"throughput relative to the best stack of the workload; {Words.List(answers.Select((a, i) => $"{Symbols[i % Symbols.Length]}: {a.Workload}"))}; further up and left is better";
        var frame = new Frame("Throughput against the effort of running it", caption, contenders.Select(c => report.Title(c.Label)), "circle");
        var option = frame.Option();
        option["grid"] = Frame.Grid(frame.Top, Below);
        var effort = Axes.Value("complexity, 1 (one file, one command) to 10 (a cluster and a team)", 10, 1, horizontal: true);
        effort["interval"] = 1;
        option["xAxis"] = effort;
        option["yAxis"] = Axes.Value("% of the best stack's throughput", 100);
        option["series"] = OptionJson.Array(contenders.Select(c => Points(report, c, answers)));
        yield return frame.Chart("complexity", new ChartPlace(), "a point for each stack and workload", 240 + Below, option);
    }

    private static JsonObject Points(ReportContext report, ContenderResult contender, Answer[] answers)
    {
        var points = OptionJson.Node(new
        {
            type = "scatter",
            name = report.Title(contender.Label),
            symbolSize = 13,
            clip = false,
            itemStyle = new { color = Theme.Stack(report, contender.Stack), opacity = 1, borderColor = Theme.Ground, borderWidth = 1.5 },
            emphasis = new { disabled = true },
        });
        points["data"] = OptionJson.Array(answers.SelectMany((answer, i) =>
        {
            if (answer.Standings.FirstOrDefault(s => s.Stack == contender.Stack)?.Median is not { } median) return [];
            var share = Math.Round(median / answer.Standings.Max(s => s.Median)!.Value * 100, 4);
            var tip = $"<b>{Tips.Html(report.Title(contender.Label))}</b><br>{Tips.Html(answer.Workload)}: {NumberText.Significant(median)} {report.Items}/s, {NumberText.Significant(share)} % of the best<br>complexity {contender.Complexity}";
            return (JsonNode[])[OptionJson.Node(new { value = new[] { contender.Complexity, share }, symbol = Symbols[i % Symbols.Length], tip })];
        }));
        return points;
    }
}
