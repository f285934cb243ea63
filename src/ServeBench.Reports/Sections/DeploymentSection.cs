using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>What it takes to run each stack.</summary>
internal sealed class DeploymentSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        yield return new Heading(2, "Deployment: what does it take to run?", "deployment", "Deployment");
        yield return new Paragraph("Cold start is the time from launch to the first correct answer. Memory is the resident set of the server's whole process tree, here the largest over all cases. Complexity is a documented score from 1 (one file, one command) to 10 (a cluster and a team).");
        var coldStart = MetricCatalogue.Get(ColdStart.MetricId);
        yield return new Table(
            [new("Stack"), new(Words.Heading(coldStart, report.Items), true), new("Range", true), new("Memory (MiB)", true), new("Peak (MiB)", true), new("Complexity", true), new("Track"), new("Host")],
            [.. report.Results.Contenders.Select(c => Row(report, c, coldStart))]);
        yield return new BulletList(
        [
            .. report.Results.Contenders.Where(c => !c.IsTwin).Select(c => Text(Strong(report.Title(c.Label)), $", complexity {c.Complexity}: {c.ComplexityWhy.TrimEnd('.')}.")),
        ]);
        string[] failures = [.. report.Results.Contenders.SelectMany(c => c.Deployments.Where(d => d.Failure is not null).Select(d => $"{report.Title(c.Label)}, trial {d.Trial}: {d.Failure}"))];
        if (failures.Length > 0)
        {
            yield return new Paragraph(Text(Strong("Deployments that failed")));
            yield return new BulletList([.. failures.Select(f => (Prose)f)]);
        }
    }

    private static IReadOnlyList<Prose> Row(ReportContext report, ContenderResult contender, IMetric coldStart)
    {
        var cases = report.Results.Cases.Where(c => c.Contender == contender.Label).ToArray();
        return
        [
            report.Title(contender.Label),
            Words.Number(contender.Metrics.GetValueOrDefault(coldStart.Id), coldStart.Unit),
            Words.Range(contender.Metrics.GetValueOrDefault(coldStart.Id), coldStart.Unit),
            Most(cases, MemoryMean.MetricId),
            Most(cases, MemoryPeak.MetricId),
            $"{contender.Complexity}",
            contender.Track,
            Words.List(contender.Deployments.Select(d => d.Host).Distinct()),
        ];
    }

    private static string Most(CaseResult[] cases, string metric) =>
        cases.Max(c => c.Median(metric)) is { } most ? NumberText.Shown(MetricUnit.Mebibytes, most) : Words.Nothing;
}
