using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Sections;

/// <summary>What servers measured of themselves, as their stacks announced it; nothing where none does.</summary>
internal sealed class AnnouncedSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        var rows = report.Results.Cases.SelectMany(c => Rows(report, c)).ToArray();
        if (rows.Length == 0) yield break;
        yield return new Heading(2, "What the servers measured of themselves", "announced", "Servers' own");
        yield return new Paragraph(
            "Each stack announces what its server reports of itself over the measured window (stack.yaml, counters: measurements). " +
            "The figures are the servers' own: no two need to mean the same, and none of them decides anything here. " +
            "Shown is the median over the trials, with the least and the greatest.");
        yield return new Table(
            [
                new("Workload"),
                new("Level"),
                new("Stack"),
                new("Measurement"),
                new("Median", true),
                new("Range", true),
                new("Unit"),
                new("Better")],
            rows);
    }

    private static IEnumerable<IReadOnlyList<Prose>> Rows(ReportContext report, CaseResult one)
    {
        foreach (var same in one.Trials.SelectMany(t => t.Announced ?? []).GroupBy(a => a.Name))
        {
            var values = same.Select(a => a.Value).OfType<double>().Order().ToArray();
            var first = same.First();
            yield return
            [
                one.Workload, one.LevelTitle, report.Title(one.Contender),
                first.Holds is { } holds ? $"{first.Title} ({holds})" : first.Title,
                values.Length > 0 ? NumberText.Significant(Spread.MedianOf(values)) : Words.Nothing,
                values.Length > 0
                    ? $"{NumberText.Significant(values[0])} to {NumberText.Significant(values[^1])}"
                    : same.First(a => a.Absence is not null).Absence!,
                first.Unit == "1" ? "" : first.Unit, first.Better == "neither" ? "" : first.Better,
            ];
        }
    }
}
