using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Verdicts;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>Every workload with its tables and charts; closed and open loops are never mixed in one table (method.md, rule 1).</summary>
internal sealed class WorkloadSection : ISection
{
    private static readonly string[] CapacityFigures = [BatchEfficiency.MetricId, AverageBatch.MetricId, MemoryPerThousand.MetricId, ServingEfficiency.MetricId];
    private static readonly string[] LatencyFigures = ["latency-p50", "latency-p90", "latency-p95", "latency-p99", "latency-p99.9", "service-latency-p95"];
    private static readonly string[] Latencies = [LatencyPercentile.P95, LatencyPercentile.P90, LatencyPercentile.P50];
    private static readonly string[] Lags = ["lag-p99", "lag-p95", "lag-p90", "lag-p50"];

    private static readonly string[] Resources =
    [
        ServerCores.MetricId, CpuPerRequest.MetricId, MemoryMean.MetricId, MemoryPeak.MetricId, TransferRate.MetricId, ClientBusy.MetricId, FailureShare.MetricId,
    ];

    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        yield return new Heading(2, "Workloads", "workloads", "Workloads");
        foreach (var (workload, model) in report.Subjects)
        {
            var anchor = Anchor(report.SeveralModels ? $"workload-{workload.Name}-{model.Name}" : $"workload-{workload.Name}");
            yield return new Heading(3, report.SeveralModels ? $"{workload.Name}, {model.Name}" : workload.Name, anchor);
            yield return new Paragraph(Caption(report, workload, model));
            Chart[] here = [.. charts.Where(c => c.Place.Workload == workload.Name && c.Place.Model == model.Name)];
            foreach (var scenario in workload.Scenarios)
            {
                var cases = report.Cases(workload.Name, model.Name, scenario.Name);
                if (cases.Count == 0) continue;
                yield return new Heading(4, $"{scenario.Title} ({scenario.Name})", $"{anchor}-{scenario.Name}");
                if (scenario.Question == Questions.Ramp)
                {
                    foreach (var block in RampStages.Write(report, cases)) yield return block;
                }
                else
                {
                    yield return scenario.Question == Questions.Capacity ? Capacity(report, cases) : Latency(report, cases);
                }
                foreach (var chart in here.Where(c => c.Place.Scenario == scenario.Name && !c.Place.Detail)) yield return new Figure(chart);
                yield return new Details("CPU, memory, transfer and failures; the course of the window",
                [
                    Figures(report, cases, Resources, []),
                    .. FailuresByKind(report, cases),
                    .. here.Where(c => c.Place.Scenario == scenario.Name && c.Place.Detail).Select(c => new Figure(c)),
                ]);
            }
            foreach (var chart in here.Where(c => c.Place.Scenario is null)) yield return new Figure(chart);
        }
    }

    private static Prose Caption(ReportContext report, WorkloadRecord workload, ModelRecord model)
    {
        var precisions = Words.List(report.Results.Cases.Where(c => c.Workload == workload.Name && c.Model == model.Name).Select(c => c.Precision).Distinct());
        return $"{workload.Title.TrimEnd('.')}. Payload: {workload.Payload.TrimEnd('.')}. Model: {model.Title}, {Words.Weights(model.Weights)}, {precisions}.";
    }

    private static Table Capacity(ReportContext report, IReadOnlyList<CaseResult> cases)
    {
        var items = MetricCatalogue.Get(ItemThroughput.MetricId);
        var latency = Supported(cases, Latencies);
        return Figures(report, cases, CapacityFigures,
        [
            (new(Words.Heading(items, report.Items), true), c => Value(c, items)),
            (new("Range", true), c => CaseVerdict.Marked(c, Words.Range(c.Metrics.GetValueOrDefault(items.Id), items.Unit))),
            (new(Words.Heading(MetricCatalogue.Get(latency), report.Items), true), c => Value(c, MetricCatalogue.Get(latency))),
        ]);
    }

    private static Table Latency(ReportContext report, IReadOnlyList<CaseResult> cases) =>
        Figures(report, cases, [.. LatencyFigures, Supported(cases, Lags), Goodput.MetricId], []);

    /// <summary>The first of some percentiles, highest first, that every case has the samples for.</summary>
    private static string Supported(IReadOnlyList<CaseResult> cases, string[] percentiles) =>
        percentiles.FirstOrDefault(p => cases.All(c => c.Median(p) is not null), percentiles[^1]);

    /// <summary>One row per level and contender; a metric that no case has is left out, and said under What was not measured.</summary>
    private static Table Figures(ReportContext report, IReadOnlyList<CaseResult> cases, string[] metrics, (Column Column, Func<CaseResult, Prose> Cell)[] first)
    {
        var shown = metrics.Select(MetricCatalogue.Get).Where(m => cases.Any(c => c.Median(m.Id) is not null)).ToArray();
        Column[] columns =
        [
            new("Load"), report.StackColumn, .. first.Select(f => f.Column), .. shown.Select(m => new Column(Words.Heading(m, report.Items), true)),
            .. CaseVerdict.Columns(cases),
        ];
        var rows = new List<IReadOnlyList<Prose>>();
        var level = "";
        foreach (var c in cases)
        {
            rows.Add(
            [
                c.Level == level ? Prose.Empty : c.LevelTitle, report.Title(c.Contender), .. first.Select(f => f.Cell(c)), .. shown.Select(m => Value(c, m)),
                .. CaseVerdict.Cells(cases, c),
            ]);
            level = c.Level;
        }
        return new Table(columns, rows);
    }

    /// <summary>Every failed request by kind, where any failed (method.md, rule 15).</summary>
    private static IEnumerable<Block> FailuresByKind(ReportContext report, IReadOnlyList<CaseResult> cases)
    {
        var kinds = Outcomes.All.Where(o => o != Outcome.Success).Select(o => o.Id()).Where(k => cases.Any(c => Count(c, k) > 0)).ToArray();
        if (kinds.Length == 0) yield break;
        yield return new Paragraph("Failed requests by kind, over all trials:");
        yield return new Table(
            [new("Load"), report.StackColumn, new("Requests", true), .. kinds.Select(k => new Column(k, true))],
            [
                .. cases.Where(c => kinds.Any(k => Count(c, k) > 0)).Select(c => (IReadOnlyList<Prose>)
                [
                    c.LevelTitle, report.Title(c.Contender), $"{c.Trials.Sum(t => t.Requests):#,0}", .. kinds.Select(k => (Prose)$"{Count(c, k):#,0}"),
                ]),
            ]);
    }

    private static int Count(CaseResult of, string kind) => of.Trials.Sum(t => t.Outcomes.GetValueOrDefault(kind));

    private static Prose Value(CaseResult of, IMetric metric) => CaseVerdict.Marked(of, metric.Id == ClientBusy.MetricId ? Busy(of) : Words.Number(of.Metrics.GetValueOrDefault(metric.Id), metric.Unit));

    /// <summary>The median, and beside it the trial that spoiled the case where the median does not show it.</summary>
    private static string Busy(CaseResult of) => of.Metrics.GetValueOrDefault(ClientBusy.MetricId) is { Median: <= ClientCoresBusy.Limit, Greatest: { } greatest and > ClientCoresBusy.Limit } result
        ? $"{Words.Number(result, MetricUnit.Percent)}, up to {NumberText.Shown(MetricUnit.Percent, greatest)}"
        : Words.Number(of.Metrics.GetValueOrDefault(ClientBusy.MetricId), MetricUnit.Percent);

    private static string Anchor(string name) => name.ToLowerInvariant().Replace('.', '-');
}
