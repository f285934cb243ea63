using ServeBench.Measurement.Metrics;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>How far a stack differs from itself.</summary>
internal sealed class NoiseSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        yield return new Heading(2, "The noise floor: how far does a stack differ from itself?", "noise", "Noise floor");
        if (report.Results.NoiseFloors.Count == 0)
        {
            yield return new Paragraph("No stack took part twice, so the noise floor is not known; only differences above 5 % count.");
            yield break;
        }
        yield return new Paragraph("One stack took part twice under two labels, deployed and measured as if it were two. Whatever separates the two is noise, and a smaller difference between stacks shows nothing.");
        yield return new Table(
            [new("Workload"), new("Load"), new("Metric"), new("Once", true), new("Again", true), new("Difference", true), new("p", true)],
            [.. report.Results.NoiseFloors.SelectMany(f => f.Differences).Select(d => Row(report, d))]);
        yield return new BulletList(
        [
            .. report.Results.NoiseFloors.Select(f => Text("Floor for ", Strong(f.Question), $": {NumberText.Percent(f.Difference, 2)}, the largest of these.")),
        ]);
    }

    private static IReadOnlyList<Prose> Row(ReportContext report, Measurement.Results.TwinDifference d)
    {
        var metric = MetricCatalogue.Get(d.Metric);
        return
        [
            d.Workload,
            AnswerText.LevelTitle(report, d.Workload, d.Scenario, d.Level),
            Words.Heading(metric, report.Items),
            NumberText.Shown(metric.Unit, d.Own),
            NumberText.Shown(metric.Unit, d.Twin),
            NumberText.Percent(d.Difference, 2),
            NumberText.Significant(d.P, 2),
        ];
    }
}
