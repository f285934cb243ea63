using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>What other tools have measured elsewhere; absent from reports that have none.</summary>
internal sealed class ImportedSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        if (report.Results.Imported is not { } imported) yield break;
        yield return new Heading(2, "Imported: measured elsewhere, with other tools", "imported", "Imported");
        yield return new Paragraph(
            "These results were not measured by this run. Nothing vouches for them but their files, and they are compared with nothing.");
        yield return new Table(
            [
                new("Imported case"),
                new("Source"),
                new("Requests", true),
                new("Failed", true),
                new("Requests/s", true),
                new("p50", true),
                new("p95", true),
                new("p99", true),
                new("Latency is")],
            [.. imported.Select(Row)]);
        yield return new BulletList([.. imported.Select(Details)]);
    }

    private static IReadOnlyList<Prose> Row(ImportedRecord record)
    {
        var latency = record.EndToEnd ?? record.Service;
        return
        [
            $"{record.Case} (imported)",
            record.Source,
            record.Requests is { } requests ? $"{requests:#,0}" : Words.Nothing,
            record.Failures is { } failures ? $"{failures:#,0}" : Words.Nothing,
            record.RequestsPerSecond is { } rate ? NumberText.Significant(rate) : Words.Nothing,
            Shown(latency?.P50),
            Shown(latency?.P95),
            Shown(latency?.P99),
            record.EndToEnd is not null ? "from the schedule" : record.Service is not null ? "from the send" : Words.Nothing,
        ];
    }

    private static Prose Details(ImportedRecord record)
    {
        string[] parts =
        [
            $"{record.Case}: {string.Join(", ", record.Files.Select(f => $"{f.Name} (SHA-256 {f.Sha256[..12]})"))}, "
                + $"imported {record.ImportedUtc:yyyy-MM-dd}",
            .. record.Dropped is > 0 and var dropped
                ? [$"{Plural.Of(dropped, "arrival")} {Plural.Verb(dropped, "was", "were")} dropped, so the numbers are INVALID"]
                : (string[])[],
            .. record.FailureKinds is { } kinds
                ? [$"Failures: {string.Join(", ", kinds.Select(k => $"{k.Value:#,0} {k.Key}"))}"]
                : (string[])[],
            .. record.Remarks,
            .. record.NotMeasured.Select(n => $"Not measured: {n.What}, since {n.Why}"),
        ];
        return string.Join(". ", parts) + ".";
    }

    private static Prose Shown(double? seconds) =>
        seconds is { } value ? NumberText.WithUnit(MetricUnit.Milliseconds, value) : Words.Nothing;
}
