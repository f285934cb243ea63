using ServeBench.Measurement.Attribution;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>What a request's time was spent on, and what of it the raw runtime would not have needed.</summary>
internal sealed class TimeSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        if (report.Results.Times is not { Count: > 0 } times) yield break;
        yield return new Heading(2, "Where the time went", TimeWords.Section, "Time");
        yield return new Paragraph(
            "Of closed loops, with one request in flight and at each stack's level of the greatest throughput: " +
            "the mean time from the send of a request to its last byte, in ms. " +
            "The server's own timers give the parts; network and client, and the rest of the server, are differences, " +
            "so that the parts add up to the whole. " +
            "Padding is its share of what is executed. " +
            "A difference may come out a little below zero: client and server count not quite the same requests.");
        foreach (var of in times.GroupBy(t => (t.Workload, t.Model, t.Scenario)))
        {
            var title = report.SeveralModels ? $"{of.Key.Workload}, {of.Key.Model}" : of.Key.Workload;
            yield return new Heading(
                3,
                title,
                $"time-{title.ToLowerInvariant().Replace(", ", "-", StringComparison.Ordinal).Replace('.', '-')}-{of.Key.Scenario}");
            TimeSplit[] rows = [.. of.OrderBy(s => s.Concurrency > 1)];
            yield return new Table(
                [new("Load"), report.StackColumn, new("Whole", true), .. TimeParts.All.Select(p => new Column(TimeWords.Title(p), true))],
                [.. rows.Select(
                    s => (IReadOnlyList<Prose>)[
                        Load(s),
                        report.Title(s.Contender),
                        TimeWords.Milliseconds(s.Whole),
                        .. TimeParts.All.Select(p => (Prose)TimeWords.Cell(s, p))])]);
            var place = new ChartPlace(of.Key.Workload, of.Key.Model, of.Key.Scenario, Section: TimeWords.Section);
            foreach (var chart in charts.Where(c => c.Place == place)) yield return new Figure(chart);
            foreach (var block in Gaps(report, rows)) yield return block;
            if (Absences(report, rows) is { Count: > 0 } absences) yield return new BulletList(absences);
        }
    }

    private static IEnumerable<Block> Gaps(ReportContext report, TimeSplit[] rows)
    {
        if (rows.All(s => s.Gap is null)) yield break;
        yield return new Paragraph(
            "What the raw runtime would need for as many items as are in flight, in a loop without a server, "
                + "and by what a stack takes longer:");
        yield return new Table(
            [
                new("Load"),
                report.StackColumn,
                new("Whole", true),
                new("Raw runtime", true),
                new("Gap", true),
                new("Of the gap", Wide: true)],
            [
                .. rows.Where(s => s.Gap is not null).Select(s => (IReadOnlyList<Prose>)
                    [
                        Load(s),
                        report.Title(s.Contender),
                        TimeWords.Milliseconds(s.Whole),
                        TimeWords.Milliseconds(s.Raw!.Value),
                        TimeWords.Milliseconds(s.Whole - s.Raw.Value),
                        TimeWords.Causes(s)]),
            ]);
    }

    /// <summary>Why parts were not measured, one line per reason.</summary>
    private static List<Prose> Absences(ReportContext report, TimeSplit[] rows) =>
    [
        .. from split in rows
           from part in split.Parts
           where part.Seconds is null
           group (split.Contender, part.Id) by (split.Contender, Reason: part.NotMeasured!) into same
           let parts = Words.List(same.Select(s => TimeWords.Title(s.Id).ToLowerInvariant()).Distinct())
           select (Prose)$"Not measured of {report.Title(same.Key.Contender)}: {parts}, because {same.Key.Reason}.",
    ];

    private static string Load(TimeSplit split) => $"{split.Concurrency} in flight{(split.IsBest ? " (best)" : "")}";
}
