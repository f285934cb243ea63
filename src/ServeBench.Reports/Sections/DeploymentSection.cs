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
        yield return new Paragraph(
            "Cold start is the time from launch to the first correct answer. "
                + "Memory is that of the server's whole process tree, or of its container without inactive file cache; "
                + "it, transfer and CPU are the largest medians over the VALID cases. "
                + "Complexity is a documented score from 1 (one file, one command) to 10 (a cluster and a team).");
        var coldStart = MetricCatalogue.Get(ColdStart.MetricId);
        yield return new Table(
            [
                report.StackColumn,
                new(Words.Heading(coldStart, report.Items), true),
                new("Range", true),
                new("Starts", true),
                new("Image (MB)", true),
                new("Packed (MB)", true),
                new("Memory (MiB)", true),
                new("Peak (MiB)", true),
                new("Transfer (kB/s)", true),
                new("CPU/request (ms)", true),
                new("Complexity", true),
                new("Track"),
                new("Host"),
            ],
            [.. report.Results.Contenders.Select(c => Row(report, c, coldStart))]);
        foreach (var block in Parts(report)) yield return block;
        yield return new BulletList(
        [
            .. report.Results.Contenders
                .Where(c => !c.IsTwin && report.Endpoint(c.Label) is null)
                .DistinctBy(c => c.Label)
                .Select(c => Text(Strong(report.Title(c.Label)), $", complexity {c.Complexity}: {c.ComplexityWhy.TrimEnd('.')}.")),
        ]);
        // A track needs explaining only where there is more than one to tell apart.
        var tracks = report.Manifest.Contenders
            .Where(c => !c.IsTwin && c.TrackSummary is not null && report.Manifest.Contenders.Any(o => o.Track != c.Track))
            .ToArray();
        if (tracks.Length > 0)
        {
            yield return new Heading(4, "Tracks: what is set differently", "tracks");
            yield return new Paragraph(
                "The default track is set up as the stack's own documentation or the usual tutorials do; "
                    + "the tuned one has a documented tuning that anyone could apply. No server is patched.");
            yield return new BulletList(
                [.. tracks.Select(c => Text(Strong(report.Title(c.Label)), $" ({c.Track} track): {c.TrackSummary!.TrimEnd('.')}."))]);
        }
        string[] failures = [
            .. report.Results.Contenders.SelectMany(
                c => c.Deployments.SelectMany(d => Failures(d).Select(f => $"{report.Title(c)}, trial {d.Trial}{f}")))];
        if (failures.Length > 0)
        {
            yield return new Paragraph(Text(Strong("Deployments that failed")));
            yield return new BulletList([.. failures.Select(f => (Prose)f)]);
        }
    }

    /// <summary>What a cold start consists of, where any of it is known.</summary>
    private static IEnumerable<Block> Parts(ReportContext report)
    {
        IMetric[] parts = [
            .. new[] { ContainerStart.MetricId, ProcessStart.MetricId, ModelLoad.MetricId, FirstAnswer.MetricId }
                .Select(MetricCatalogue.Get)];
        var known = report.Results.Contenders.Where(c => parts.Any(p => c.Metrics.GetValueOrDefault(p.Id)?.Median is not null)).ToArray();
        if (known.Length == 0) yield break;
        double? Median(ContenderResult of, string metric) => of.Metrics.GetValueOrDefault(metric)?.Median;
        var isHealthKnown = known.Any(c => Median(c, HealthTime.MetricId) is not null);
        var isWrongAtFirst = known.Any(c => Median(c, AnsweredTime.MetricId) < Median(c, ColdStart.MetricId));
        string[] whole =
        [
            .. isHealthKnown ? [HealthTime.MetricId] : (string[])[],
            .. isWrongAtFirst ? [AnsweredTime.MetricId] : (string[])[],
            .. isHealthKnown || isWrongAtFirst ? [ColdStart.MetricId] : (string[])[],
        ];
        IMetric[] shown = [.. parts, .. whole.Select(MetricCatalogue.Get)];
        yield return new Heading(4, "What a cold start consists of", "cold-start");
        yield return new Paragraph(
            "Medians over the starts. The model's part is reported by the server itself; "
                + "where a server has no timer of it, it is in the process's part."
                + (isHealthKnown
                    ? " When a server was healthy is what its own health endpoints said, from the launch on: "
                        + "that it answers correctly comes after."
                    : "")
                + (isWrongAtFirst
                    ? " Some server answered before it answered correctly: its answers were wrong from the one time to the other."
                    : "")
                + Touched(report));
        yield return new Table(
            [report.StackColumn, .. shown.Select(p => new Column(Words.Heading(p, report.Items), true))],
            [.. known.Select(
                c => (IReadOnlyList<Prose>)[
                    report.Title(c),
                    .. shown.Select(p => (Prose)Words.Number(c.Metrics.GetValueOrDefault(p.Id), p.Unit))])]);
    }

    private static string Touched(ReportContext report)
    {
        long[] bytes = [.. report.Results.Contenders.SelectMany(c => c.Deployments).Select(d => d.TouchedBytes).OfType<long>()];
        if (bytes.Length == 0 || bytes.Max() == 0) return "";
        var amount = bytes.Min() == bytes.Max() ? Words.Bytes(bytes[0]) : $"{Words.Bytes(bytes.Min())} to {Words.Bytes(bytes.Max())}";
        return $" Before every start, of every stack, {amount} of free memory was touched and freed again: "
            + "a virtual machine's host may have taken it back, and whoever came first would have waited for it.";
    }

    private static IEnumerable<string> Failures(DeploymentResult deployment)
    {
        foreach (var failure in deployment.FailedColdStarts ?? []) yield return $", a start to time it alone: {failure}";
        if (deployment.Failure is not null) yield return $": {deployment.Failure}";
    }

    /// <summary>How many starts gave a correct answer; of how many, where not all did.</summary>
    private static string Starts(ContenderResult contender, MetricResult? starts)
    {
        var failed = contender.Deployments.Sum(d => (d.FailedColdStarts?.Count ?? 0) + (d.ColdStartSeconds is null ? 1 : 0));
        var good = starts?.Median is null ? 0 : starts.Trials ?? 0;
        return failed > 0 ? $"{good} of {good + failed}" : good > 0 ? $"{good}" : Words.Nothing;
    }

    private static IReadOnlyList<Prose> Row(ReportContext report, ContenderResult contender, IMetric coldStart)
    {
        var cases = report.Results.Cases.Where(c => c.Contender == contender.Label && c.Model == contender.Model && c.Valid).ToArray();
        var starts = contender.Metrics.GetValueOrDefault(coldStart.Id);
        return
        [
            report.Title(contender),
            Words.Number(starts, coldStart.Unit),
            Words.Range(starts, coldStart.Unit),
            report.Endpoint(contender.Label) is null ? Starts(contender, starts) : Words.Nothing,
            contender.Image is { } image ? NumberText.Significant(image.Bytes / 1e6) : Words.Nothing,
            contender.Image?.CompressedBytes is { } packed ? NumberText.Significant(packed / 1e6) : Words.Nothing,
            Most(cases, MemoryMean.MetricId),
            Most(cases, MemoryPeak.MetricId),
            Most(cases, TransferRate.MetricId),
            Most(cases, CpuPerRequest.MetricId),
            report.Endpoint(contender.Label) is null ? $"{contender.Complexity}" : Words.Nothing,
            contender.Track,
            report.Endpoint(contender.Label) is null
                ? Words.List(contender.Deployments.Select(d => d.Host).Distinct())
                : "not deployed by us",
        ];
    }

    private static string Most(CaseResult[] cases, string metric) =>
        cases.Max(c => c.Median(metric)) is { } most ? NumberText.Shown(MetricCatalogue.Get(metric).Unit, most) : Words.Nothing;
}
