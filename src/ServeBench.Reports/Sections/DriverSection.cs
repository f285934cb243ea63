using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Drivers;
using ServeBench.Measurement.Metrics;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>The headlines as two load drivers measured them: what is true of the server does not depend on who asks.</summary>
internal sealed class DriverSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        if (report.Results.DriverAgreements is not { Count: > 0 } agreements) yield break;
        yield return new Heading(2, "Do two load drivers agree?", "drivers", "Drivers");
        string[] findings = [.. DriverWords.Findings(report)];
        yield return new Paragraph(
            findings[0]
                + " Each pair was measured on one deployment, one after the other, "
                + "with arrivals from the same seed and payloads of its own; who came first alternates. "
                + "The ratio is the second driver's figure over the first's, "
                + "its interval from the spread of such pairs over all stacks of the figure. "
                + "Which driver is right shows against a null server: --target=Calibrate.");
        if (findings.Length > 1) yield return new BulletList([.. findings.Skip(1).Select(f => (Prose)f)]);
        yield return new Table(
            [
                new("Figure"),
                report.StackColumn,
                new(agreements[0].First, true),
                new(agreements[0].Second, true),
                new("Ratio", true),
                new("Interval", true),
                new("Pairs", true),
                new($"Within {Resolution.PracticalDifference}?", Wide: true)],
            [.. from of in agreements from ratio in of.Stacks select Row(report, of, ratio)]);
    }

    private static IReadOnlyList<Prose> Row(ReportContext report, DriverAgreement of, DriverRatio ratio)
    {
        var metric = MetricCatalogue.Get(of.Metric);
        string Shown(double? value) => value is { } v ? NumberText.WithUnit(metric.Unit, v) : "not measured";
        return
        [
            $"{DriverWords.Metric(of)}, {DriverWords.Subject(report, of)}",
            report.Title(ratio.Stack),
            Shown(ratio.First),
            Shown(ratio.Second),
            ratio.Ratio is { } r ? NumberText.Ratio(r) : Words.Nothing,
            ratio is { Low: { } low, High: { } high } ? $"{NumberText.Ratio(low)} to {NumberText.Ratio(high)}" : Words.Nothing,
            $"{ratio.Pairs}",
            ratio.Verdict switch
            {
                DriverVerdict.Agree => "yes",
                DriverVerdict.Disagree => Text(Bad("no")),
                DriverVerdict.Undecided => ratio.IsFinding ? Text(Bad("undecided, the ratio is beyond it")) : "undecided",
                _ => $"not measured: {ratio.NotMeasured}",
            },
        ];
    }
}
