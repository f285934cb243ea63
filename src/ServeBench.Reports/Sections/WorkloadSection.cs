using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>Every workload with its tables and charts; closed and open loops are never mixed in one table (method.md, rule 1).</summary>
internal sealed class WorkloadSection : ISection
{
    /// <summary>A few connections are made in every window of an open loop.</summary>
    private const double OpenedShare = 0.05;

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
                    yield return CaseTable.Of(report, KnownQuestions.Get(scenario.Question).Table, cases);
                }
                foreach (var chart in here.Where(c => c.Place.Scenario == scenario.Name && !c.Place.Detail)) yield return new Figure(chart);
                yield return new Details("CPU, memory, transfer and failures; the course of the window",
                [
                    CaseTable.Of(report, CaseTables.Resources, cases),
                    .. FailuresByKind(report, cases),
                    .. ConnectionNotes(report, cases),
                    .. here.Where(c => c.Place.Scenario == scenario.Name && c.Place.Detail).Select(c => new Figure(c)),
                ]);
            }
            foreach (var chart in here.Where(c => c.Place.Scenario is null)) yield return new Figure(chart);
        }
    }

    private static Prose Caption(ReportContext report, WorkloadRecord workload, ModelRecord model)
    {
        var precisions = Words.List(report.Results.Cases
            .Where(c => c.Workload == workload.Name && c.Model == model.Name)
            .Select(c => c.Precision)
            .Distinct());
        return $"{workload.Title.TrimEnd('.')}. Payload: {workload.Payload.TrimEnd('.')}. "
            + $"Model: {model.Title}, {Words.Weights(model.Weights)}, {precisions}.";
    }

    /// <summary>Every failed request by kind, where any failed (method.md, rule 15).</summary>
    private static IEnumerable<Block> FailuresByKind(ReportContext report, IReadOnlyList<CaseResult> cases)
    {
        var kinds = Outcomes.All.Where(o => o != Outcome.Success).Select(o => o.Id()).Where(k => cases.Any(c => Count(c, k) > 0)).ToArray();
        if (kinds.Length == 0) yield break;
        yield return new Paragraph(
            "Failed requests by kind, over all trials, with the median time until they had failed (the median of the trials' medians). "
                + "No other latency holds any of them:");
        yield return new Table(
            [new("Load"), report.StackColumn, new("Requests", true), .. kinds.Select(k => new Column(k, true))],
            [
                .. cases.Where(c => kinds.Any(k => Count(c, k) > 0)).Select(c => (IReadOnlyList<Prose>)
                [
                    c.LevelTitle,
                    report.Title(c.Contender),
                    $"{c.Trials.Sum(t => t.Requests):#,0}",
                    .. kinds.Select(k => (Prose)$"{Count(c, k):#,0}{After(c, k)}"),
                ]),
            ]);
    }

    /// <summary>Where connecting is part of many latencies, or connections were found closed.</summary>
    private static IEnumerable<Block> ConnectionNotes(ReportContext report, IReadOnlyList<CaseResult> cases)
    {
        var notes = new List<Prose>();
        foreach (var one in cases)
        {
            ConnectionUse[] uses = [.. one.Trials.Select(t => t.Connections).OfType<ConnectionUse>()];
            var requests = one.Trials.Sum(t => t.Requests);
            var (opened, reopened) = (uses.Sum(u => u.Opened), uses.Sum(u => u.Reopened));
            if (opened <= OpenedShare * requests && reopened == 0) continue;
            notes.Add($"{one.LevelTitle}, {report.Title(one.Contender)}: {opened:#,0} of {requests:#,0} requests waited for a "
                + $"connection to be made{(reopened > 0 ? $", {reopened:#,0} of them because the server had closed the one before" : "")}.");
        }
        if (notes.Count == 0) yield break;
        yield return new Paragraph("Connections: where a server closes them, connecting again is part of its latency and of its rate.");
        yield return new BulletList(notes);
    }

    private static string After(CaseResult of, string kind)
    {
        double[] medians = [.. of.Trials.Select(t => t.FailureLatencies?.GetValueOrDefault(kind)?.MedianSeconds).OfType<double>()];
        return medians.Length == 0 ? "" : $" ({NumberText.Significant(1e3 * Spread.MedianOf(medians))} ms)";
    }

    private static int Count(CaseResult of, string kind) => of.Trials.Sum(t => t.Outcomes.GetValueOrDefault(kind));

    private static string Anchor(string name) => name.ToLowerInvariant().Replace('.', '-');
}
