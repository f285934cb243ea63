using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>
/// What a ramp shows: latency stage by stage against the load. It is no steady state, and nothing of it is compared (method.md,
/// rule 17).
/// </summary>
internal static class RampStageTable
{
    public static IEnumerable<Block> Write(ReportContext report, IReadOnlyList<CaseResult> cases)
    {
        var loop = cases[0].LoopKind;
        yield return new Paragraph(
            "A ramp is no steady state: the load changes while it is measured, " +
            "so every figure belongs to its stage and to the way the load went before. It shows how latency follows the load; " +
            "it takes no part in the answer, and no winner is drawn from it.");
        var rows = new List<IReadOnlyList<Prose>>();
        for (var i = 0; i < cases.Max(c => c.Stages!.Count); i++)
        {
            foreach (var c in cases)
            {
                var stage = c.Stages![i];
                rows.Add(
                [
                    c == cases[0] ? Load(stage, loop.Unit) : Prose.Empty, report.Title(c.Contender),
                    .. loop.IsOpen ? [CaseVerdict.Marked(c, Rate(stage.Requests))] : (Prose[])[],
                    CaseVerdict.Marked(c, Rate(stage.Successes)),
                    CaseVerdict.Marked(c, Milliseconds(stage.P50)),
                    CaseVerdict.Marked(c, Milliseconds(stage.P95)),
                    .. CaseVerdict.Cells(cases, c),
                ]);
            }
        }
        yield return new Table(
            [
                new("Load"), new("Stack"), .. loop.IsOpen
                    ? [new("Due (requests/s)", true)]
                    : (Column[])[], new("Answered (requests/s)", true), new("p50 (ms)", true), new("p95 (ms)", true),
                .. CaseVerdict.Columns(cases),
            ],
            rows);
    }

    private static string Load(StageResult stage, string unit)
    {
        var seconds = NumberText.Significant(stage.Seconds);
        return stage.From == stage.To
            ? $"{stage.To:0.###} {unit} for {seconds} s"
            : $"{stage.From:0.###} to {stage.To:0.###} {unit} in {seconds} s";
    }

    private static string Rate(MetricResult result) => result.Median is { } median ? NumberText.Significant(median) : Words.Nothing;

    private static string Milliseconds(MetricResult result) =>
        result.Median is { } median ? NumberText.Shown(MetricUnit.Milliseconds, median) : Words.Nothing;
}
