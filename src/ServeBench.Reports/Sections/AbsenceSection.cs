using ServeBench.Measurement.Metrics;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>What was not measured, and why.</summary>
internal sealed class AbsenceSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        yield return new Heading(2, "What was not measured, and why", "not-measured", "Not measured");
        IReadOnlyList<Prose>[] rows = [
            .. report.Results.NotMeasured.Select(n => (IReadOnlyList<Prose>)[n.What, n.Why]),
            .. Metrics(report)];
        if (rows.Length == 0) yield return new Paragraph("Everything that was planned was measured.");
        else yield return new Table([new("What", Wide: true), new("Why", Wide: true)], rows);
    }

    /// <summary>Metrics without a value, one row per reason.</summary>
    private static IEnumerable<IReadOnlyList<Prose>> Metrics(ReportContext report) =>
        from c in report.Results.Cases
        from m in c.Metrics
        where m.Value.NotMeasured is not null
        let reason = Reason(m.Value.NotMeasured!)
        group (Case: c, Metric: m.Key) by reason into same
        orderby same.Key
        let titles = Words.List(same.Select(s => MetricCatalogue.Get(s.Metric).Title).Distinct())
        let cases = same.Select(s => s.Case).Distinct().ToArray()
        let place = cases.Length == report.Results.Cases.Count
            ? "every case"
            : Words.List(cases.Select(c => $"{c.Workload}/{c.Scenario}").Distinct())
        select (IReadOnlyList<Prose>)[$"{titles} in {place}", same.Key];

    /// <summary>The reason without what differs from case to case: in how many trials, and how many samples there were.</summary>
    private static string Reason(string reason)
    {
        const string InTrials = " trials: ";
        const string ThereAre = " samples and there are ";
        var colon = reason.StartsWith("in ", StringComparison.Ordinal) ? reason.IndexOf(InTrials, StringComparison.Ordinal) : -1;
        if (colon >= 0) reason = reason[(colon + InTrials.Length)..];
        var count = reason.IndexOf(ThereAre, StringComparison.Ordinal);
        return count < 0 ? reason : reason[..count] + " samples in each trial";
    }
}
