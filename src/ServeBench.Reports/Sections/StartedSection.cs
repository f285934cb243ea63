using System.Net;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>What was started for each stack, and how it was ended: what ran, not what was asked for.</summary>
internal sealed class StartedSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        ContenderResult[] known =
            [.. report.Results.Contenders.Where(c => c.Deployments.Any(d => d.Processes is not null || d.Stop is not null))];
        var said = Said(report);
        if (known.Length == 0 && said.Length == 0) yield break;
        yield return new Heading(2, "Processes: what was started, and how did it end?", "processes", "Processes");
        if (said.Length > 0)
        {
            yield return new Paragraph("Caches of answers and the interfaces that are listened on, as the stacks' folders say:");
            yield return new BulletList(said);
        }
        if (known.Length == 0) yield break;
        yield return new Paragraph(
            "The processes of each server right after its last window, of the last deployment that was measured. "
                + "PSS is memory with what processes share divided among them; a busy thread computed for "
                + $"{NumberText.Percent(ServerProcessRecord.BusyShare, 2)} of the window or more; "
                + "nice is the priority, 0 is the usual and 19 the lowest.");
        yield return new Table(
            [
                report.StackColumn,
                new("Processes"),
                new("Nice"),
                new("On cores"),
                new("Threads", true),
                new("Busy", true),
                new("PSS (MiB)", true),
                new("Listens on"),
                new("Stop (s)", true),
                new("Exit code"),
            ],
            [.. known.Select(c => Row(report, c))]);
        string[] remarks = [
            .. known.SelectMany(
                c => c.Deployments.SelectMany(d => Remarks(d).Select(r => $"{report.Title(c)}, trial {d.Trial}: {r}.")))];
        if (remarks.Length == 0) yield break;
        yield return new Paragraph(Text(Strong("How servers ended that did not end as their stacks say")));
        yield return new BulletList([.. remarks.Select(r => (Prose)r)]);
    }

    /// <summary>What the folders say of caches and interfaces; stacks of which the same is said are named together.</summary>
    private static Prose[] Said(ReportContext report) =>
    [
        .. report.Manifest.Contenders
            .Where(c => !c.IsTwin && c.Caches is not null)
            .GroupBy(c => $"{Caches(c.Caches!)}; {Listening(c, report)}")
            .Select(g => Text(Strong(Words.List(g.Select(c => report.Title(c.Label)))), $": {g.Key}.")),
    ];

    private static string Caches(IReadOnlyList<CacheHabit> caches) => caches.Count == 0
        ? "no cache of answers"
        : Words.List(caches.Select(
            c => $"{c.Name} {(c.IsOn ? "on" : "off")}{(c.Switch is { } option ? $" ({option})" : ", which cannot be switched")}"));

    private static string Listening(ContenderRecord contender, ReportContext report)
    {
        if (contender.ListensEverywhere == true) return "listens on every interface, whatever its options";
        string[] elsewhere =
        [
            .. report.Results.Contenders
                .Where(c => c.Label == contender.Label)
                .SelectMany(c => c.Deployments)
                .SelectMany(d => d.Processes ?? [])
                .SelectMany(p => p.Listens)
                .Where(l => IPEndPoint.TryParse(l, out var at) && !IPAddress.IsLoopback(at.Address))
                .Select(l => l[..l.LastIndexOf(':')])
                .Distinct(),
        ];
        return elsewhere.Length == 0
            ? "listens on the address that it is given"
            : $"is to listen on the address that it is given, and was seen to listen on {Words.List(elsewhere)}";
    }

    private static IReadOnlyList<Prose> Row(ReportContext report, ContenderResult contender)
    {
        var processes = contender.Deployments.LastOrDefault(d => d.Processes is { Count: > 0 })?.Processes ?? [];
        StopRecord[] stops = [.. contender.Deployments.Select(d => d.Stop).OfType<StopRecord>()];
        return
        [
            report.Title(contender),
            Or(processes.GroupBy(p => $"{p.Name} ({p.Role})").Select(g => g.Count() == 1 ? g.Key : $"{g.Count()} x {g.Key}")),
            Or(processes.Select(p => $"{p.Nice}").Distinct()),
            Or(processes.Select(p => p.Cpus).Distinct()),
            processes.Count == 0 ? Words.Nothing : $"{processes.Sum(p => p.Threads)}",
            processes.Any(p => p.BusyThreads is not null) ? $"{processes.Sum(p => p.BusyThreads ?? 0)}" : Words.Nothing,
            processes.Any(p => p.PssBytes is not null)
                ? NumberText.Significant(processes.Sum(p => p.PssBytes ?? 0) / (double)(1 << 20))
                : Words.Nothing,
            Or(processes.SelectMany(p => p.Listens).Distinct()),
            stops.Length == 0 ? Words.Nothing : NumberText.Significant(stops.Max(s => s.Seconds)),
            Or(stops.Select(s => s.ExitCode is { } code ? $"{code}" : "unknown").Distinct()),
        ];
    }

    private static string Or(IEnumerable<string> texts) => string.Join(", ", texts) is { Length: > 0 } text ? text : Words.Nothing;

    private static IEnumerable<string> Remarks(DeploymentResult deployment)
    {
        if (deployment.Stop is not { } stop) yield break;
        if (stop is { IsExpected: false, EndedBefore: false })
            yield return stop.ExitCode is { } code
                ? $"it ended with code {code}, which its stack does not accept (exit-codes of its stop recipe)"
                : "how its main process ended is not known";
        if (stop.Forced.Count > 0)
            yield return "after the last step of its stop recipe "
                + $"{Plural.Of(stop.Forced.Count, "process")} had to be killed: "
                + Words.List(stop.Forced);
        if (stop.Removed.Count > 0) yield return $"it left {Words.List(stop.Removed)}, which was removed";
        if (stop.Unexplained.Count > 0)
            yield return $"while it ran, {Words.List(stop.Unexplained)} came up; it may be another program's, and was left alone";
        if (stop.OpenConnections > 0)
            yield return $"{Plural.Of(stop.OpenConnections, "connection")} of the client to it "
                + $"{Plural.Verb(stop.OpenConnections, "was", "were")} still open when it was stopped";
    }
}
