using ServeBench.Measurement.Metrics;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>What was not measured, and why.</summary>
internal sealed class AbsenceSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        yield return new Heading(2, "What was not measured, and why", "not-measured");
        var rows = new List<IReadOnlyList<Prose>>();
        rows.AddRange(report.Results.NotMeasured.Select(n => (IReadOnlyList<Prose>)[n.What, n.Why]));
        rows.AddRange(Metrics(report));
        if (rows.Count == 0) yield return new Paragraph("Everything that was planned was measured.");
        else yield return new Table([new("What"), new("Why")], rows);
    }

    /// <summary>Metrics without a value, one row per metric and reason.</summary>
    private static IEnumerable<IReadOnlyList<Prose>> Metrics(ReportContext report) =>
        from c in report.Results.Cases
        from m in c.Metrics
        where m.Value.NotMeasured is not null
        group c by (m.Key, Reason: Reason(m.Value.NotMeasured!)) into same
        orderby same.Key.Key
        let metric = MetricCatalogue.Get(same.Key.Key)
        let count = same.Count()
        let place = count == report.Results.Cases.Count ? "every case" : Words.List(same.Select(c => $"{c.Workload}/{c.Scenario}").Distinct())
        select (IReadOnlyList<Prose>)[$"{metric.Title} ({metric.Id}) in {place}", same.Key.Reason];

    /// <summary>The number of samples differs from case to case; what is needed does not.</summary>
    private static string Reason(string reason)
    {
        var and = reason.IndexOf(" samples and there are ", StringComparison.Ordinal);
        var trials = reason.IndexOf(" trials: ", StringComparison.Ordinal);
        var from = trials >= 0 && reason.StartsWith("in ", StringComparison.Ordinal) ? trials + " trials: ".Length : 0;
        return and > 0 ? reason[from..(and + " samples".Length)] : reason[from..];
    }
}
