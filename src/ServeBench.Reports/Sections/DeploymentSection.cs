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
        yield return new Paragraph("Cold start is the time from launch to the first correct answer. Memory is the resident set of the server's whole process tree, here the largest over the VALID cases. Complexity is a documented score from 1 (one file, one command) to 10 (a cluster and a team).");
        var coldStart = MetricCatalogue.Get(ColdStart.MetricId);
        yield return new Table(
            [new("Stack"), new(Words.Heading(coldStart, report.Items), true), new("Range", true), new("Memory (MiB)", true), new("Peak (MiB)", true), new("Complexity", true), new("Track"), new("Host")],
            [.. report.Results.Contenders.Select(c => Row(report, c, coldStart))]);
        yield return new BulletList(
        [
            .. report.Results.Contenders.Where(c => !c.IsTwin).Select(c => Text(Strong(report.Title(c.Label)), $", complexity {c.Complexity}: {c.ComplexityWhy.TrimEnd('.')}.")),
        ]);
        // A track needs explaining only where there is more than one to tell apart.
        var tracks = report.Manifest.Contenders.Where(c => !c.IsTwin && c.TrackSummary is not null && report.Manifest.Contenders.Any(o => o.Track != c.Track)).ToArray();
        if (tracks.Length > 0)
        {
            yield return new Heading(4, "Tracks: what is set differently", "tracks");
            yield return new Paragraph("The default track is set up as the stack's own documentation or the usual tutorials do; the tuned one has a documented tuning that anyone could apply. No server is patched.");
            yield return new BulletList([.. tracks.Select(c => Text(Strong(report.Title(c.Label)), $" ({c.Track} track): {c.TrackSummary!.TrimEnd('.')}."))]);
        }
        string[] failures = [.. report.Results.Contenders.SelectMany(c => c.Deployments.Where(d => d.Failure is not null).Select(d => $"{report.Title(c.Label)}, trial {d.Trial}: {d.Failure}"))];
        if (failures.Length > 0)
        {
            yield return new Paragraph(Text(Strong("Deployments that failed")));
            yield return new BulletList([.. failures.Select(f => (Prose)f)]);
        }
    }

    private static IReadOnlyList<Prose> Row(ReportContext report, ContenderResult contender, IMetric coldStart)
    {
        var cases = report.Results.Cases.Where(c => c.Contender == contender.Label && c.Valid).ToArray();
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
