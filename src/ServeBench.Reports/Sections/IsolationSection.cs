using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Verdicts;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>Whether each server had its cores to itself.</summary>
internal sealed class IsolationSection : ISection
{
    private static readonly string[] Marks = ["cpu-taken-away", "foreign-load", "quota-throttled"];

    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        yield return new Heading(2, "Isolation: had each server its cores to itself?", "isolation", "Isolation");
        yield return new Paragraph(Cores(report));
        yield return new Table(
            [
                report.StackColumn,
                new("Server's cores"),
                new("Foreign CPU, most (%)", true),
                new("Taken by the hypervisor, most (%)", true),
                new("Stopped by quota, most (%)", true),
                new("Other containers, most (CPU s)", true),
                new("Disturbed cases", true)],
            [.. report.Results.Contenders.Select(c => Row(report, c))]);
        yield return new Paragraph(
            "Foreign CPU is what the server's cores did beside the server, the kernel's work for its connections included; "
                + $"above {NumberText.Limit(ForeignLoad.Limit)} a case is marked as disturbed, "
                + $"as it is when the hypervisor takes away or the quota stops more than {NumberText.Limit(QuotaThrottled.Limit)}. "
                + "A hypervisor that does not report what it takes leaves 0 in its column. "
                + "The marks are notes: trials are interleaved, so what disturbs one stack disturbs its neighbours, "
                + "and the noise floor shows what is left of it.");
    }

    private static string Cores(ReportContext report)
    {
        var servers = report.Manifest.Contenders.SelectMany(c => c.Cpus).Distinct().ToArray();
        if (report.Manifest.ServerMachine is { } machine)
        {
            var client = report.Results.Calibration is { ClientCpus.Count: > 0 } own
                ? $"cores {Words.Cores(own.ClientCpus)} of its machine"
                : "its machine";
            return "Client and servers were on different machines: " +
                $"the client had {client}, the server under test all {Plural.Of(machine.LogicalCores, "core")} of the other; " +
                "one server was alive at a time. " +
                $"Between them lie {machine.Between}: every latency includes them, and they may limit throughput. " +
                "Both ends of the tunnel encrypt, the client's on cores that are not the client's, " +
                "the other on any core of the server's machine. " +
                "What the server's cores did beside the server is not measured, nor is the start of its process by a clock of its own: " +
                "a cold start includes the docker command's way there and the opening of the tunnel.";
        }
        if (report.Manifest.Contenders is { Count: > 0 } all && all.All(c => c.Endpoint is not null))
            return "The client was confined to cores of its own; which cores the endpoints have, and what else runs there, is not known.";
        if (report.Results.Calibration is not { } calibration || servers.Length == 0 || calibration.ClientCpus.Count == 0)
            return "Client and servers were not confined to cores of their own.";
        var shared = servers.Intersect(calibration.ClientCpus).ToArray();
        return shared.Length == 0
            ? $"The client had cores {Words.Cores(calibration.ClientCpus)}, the server under test cores {Words.Cores(servers)}; "
                + "one server was alive at a time."
            : $"The client had cores {Words.Cores(calibration.ClientCpus)} and the server under test cores {Words.Cores(servers)}: "
                + $"they shared {Words.Cores(shared)} and disturbed each other.";
    }

    private static IReadOnlyList<Prose> Row(ReportContext report, ContenderResult contender)
    {
        var cases = report.Results.Cases.Where(c => c.Contender == contender.Label && c.Model == contender.Model).ToArray();
        var disturbed = cases.Count(c => c.Findings.Any(f => Marks.Contains(f.Rule)));
        return
        [
            report.Title(contender),
            report.Endpoint(contender.Label) is null
                ? Words.Cores([.. contender.Deployments.SelectMany(d => d.Cpus).Distinct()])
                : "not known",
            Most(cases, ForeignCpu.MetricId),
            Most(cases, Steal.MetricId),
            Most(cases, Throttled.MetricId),
            Most(cases, OtherContainers.MetricId),
            disturbed == 0 ? $"none of {cases.Length}" : Text(Bad($"{disturbed} of {cases.Length}")),
        ];
    }

    /// <summary>The largest of any trial: one disturbed trial is what this table is to show.</summary>
    private static string Most(CaseResult[] cases, string metric)
    {
        double[] values = [.. cases.SelectMany(c => c.Trials).Where(t => t.Values.ContainsKey(metric)).Select(t => t.Values[metric])];
        return values.Length == 0 ? Words.Nothing : NumberText.Shown(MetricCatalogue.Get(metric).Unit, values.Max());
    }
}
