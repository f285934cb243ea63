using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>What is executed together: the batches that were realised, and what a bad item does to its neighbours.</summary>
internal sealed class BatchSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        var tried = report.Results.Contenders.Where(c => !c.IsTwin && IsolationOf(c) is not null).ToArray();
        if (tried.Length == 0) yield break;
        yield return new Heading(2, "Batches: what is executed together?", "batches", "Batches");
        yield return new Paragraph(
            "Batches realised are those of the server's own counters, inferences divided by executions, over the levels of each workload; "
                + "beside them is how many items each request asks for. What is larger than that the server put together itself.");
        yield return new Table(
            [report.StackColumn, new("Workload"), new("Asked in a request", true), new("Realised, mean", true)],
            [
                .. from contender in report.Results.Contenders
                   where !contender.IsTwin
                   from workload in report.Manifest.Workloads
                   let cases = report.Results.Cases
                       .Where(c => c.Contender == contender.Label && c.Model == contender.Model && c.Workload == workload.Name)
                       .ToArray()
                   where cases.Length > 0
                   select (IReadOnlyList<Prose>)
                       [report.Title(contender), workload.Name, $"{cases[0].ItemsPerRequest}", Realised(cases)],
            ]);
        yield return new Paragraph(
            "One bad item was sent among good ones, once before any load: "
                + $"{IsolationRecord.Rounds} times beside {IsolationRecord.Neighbours} good requests on their way at the same time, "
                + "and in one request between two good items. What a stack does with the good ones is a property of it and no failure.");
        yield return new Table(
            [report.StackColumn, new("Bad item", Wide: true), new("Sent at the same time"), new("In one request")],
            [
                .. from contender in tried
                   let isolation = IsolationOf(contender)!
                   select (IReadOnlyList<Prose>)
                   [
                       report.Title(contender),
                       IsolationWords.Item(isolation),
                       IsolationWords.Together(isolation),
                       IsolationWords.InOneRequest(isolation),
                   ],
            ]);
    }

    private static IsolationRecord? IsolationOf(ContenderResult contender) =>
        contender.Deployments.Select(d => d.Isolation).FirstOrDefault(i => i is not null);

    private static string Realised(CaseResult[] cases)
    {
        double[] batches = [.. cases.Select(c => c.Median(AverageBatch.MetricId)).OfType<double>()];
        return batches.Length == 0
            ? cases[0].Metrics.GetValueOrDefault(AverageBatch.MetricId)?.NotMeasured ?? Words.Nothing
            : Words.Range(batches.Min(), batches.Max(), MetricUnit.Ratio);
    }
}
