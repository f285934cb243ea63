using ServeBench.Domain.Wording;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Charts;
using ServeBench.Reports.Content;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Sections;

/// <summary>How much trials scatter, and which differences this run can resolve.</summary>
internal sealed class NoiseSection : ISection
{
    public IEnumerable<Block> Write(ReportContext report, IReadOnlyList<Chart> charts)
    {
        yield return new Heading(2, "The noise floor: what can this run resolve?", "noise", "Noise floor");
        var floors = report.Results.NoiseFloors;
        if (floors.Count == 0)
        {
            yield return new Paragraph("Nothing was compared, or every stack has a single trial, so how much trials scatter is not known.");
            yield break;
        }
        yield return new Paragraph(
            "Trials of one block saw the same machine, arrivals and payloads; "
                + "what they differ by beyond that is their spread, pooled over stacks and shown with its 95 % interval. "
                + "It decides what this run can resolve: a stack whose estimate is ahead by the resolvable difference is called better, "
                + "and one that truly is by the last but one column is, nine times in ten.");
        yield return new Table(
            [
                new("Workload"),
                new("Load"),
                new("Metric"),
                new("Spread", true),
                new("Interval", true),
                new("Trials", true),
                new("Resolvable", true),
                new("Nine in ten", true),
                new($"Trials to resolve {Resolution.PracticalDifference}", true)],
            [.. floors.Select(f => Row(report, f))]);
        var twins = floors.SelectMany(f => f.Twins.Select(t => (Floor: f, Twin: t))).ToArray();
        if (twins.Length == 0) yield break;
        var covered = twins.Count(t => t.Twin.Covers);
        yield return new Paragraph(
            "A stack took part twice under two labels, deployed and measured as if it were two: "
                + $"{covered} of {Plural.Of(twins.Length, "such pair")} {Plural.Verb(covered, "was", "were")} found equal; "
                + "95 in 100 should be.");
        yield return new BulletList(
            [.. twins.Select(
                t => Text(
                    $"{report.Title(t.Twin.Stack)}, {t.Floor.Question} on {Subject(report, t.Floor)}: "
                        + $"{NumberText.Ratio(t.Twin.Ratio)} times itself, "
                        + $"between {NumberText.Ratio(t.Twin.Low)} and "
                        + $"{NumberText.Ratio(t.Twin.High)}{(t.Twin.Covers ? "" : ", which does not hold 1")}"))]);
    }

    private static IReadOnlyList<Prose> Row(ReportContext report, NoiseFloor f) =>
    [
        f.Workload,
        f.Level is { } level ? AnswerText.LevelTitle(report, f.Workload, f.Scenario, level) : "each at its best",
        Words.Heading(MetricCatalogue.Get(f.Metric), report.Items),
        NumberText.Percent(f.Spread, 2),
        $"{NumberText.Percent(f.Low, 2)} to {NumberText.Percent(f.High, 2)}",
        $"{f.Trials}",
        NumberText.Percent(f.ResolvableRatio - 1, 2),
        NumberText.Percent(f.SureRatio - 1, 2),
        f.TrialsForFivePercent is { } trials ? $"{trials}" : "more than 200",
    ];

    private static string Subject(ReportContext report, NoiseFloor f) =>
        f.Level is { } level ? $"{f.Workload} at {AnswerText.LevelTitle(report, f.Workload, f.Scenario, level)}" : f.Workload;
}
