using ServeBench.Measurement.Comparisons;
using ServeBench.Reports.Content;
using ServeBench.Reports.Rendering;
using static ServeBench.Reports.Content.Write;

namespace ServeBench.Reports.Comparing;

/// <summary>A comparison of runs as a comment under a pull request.</summary>
public static class DiffMarkdown
{
    public static string Write(RunDiff diff) => MarkdownReport.Write(new ReportDocument(
        $"ServeBench: {diff.Candidate.Results.Run.Group}, {(diff.Regressions.Any() ? "regressions" : "no regression")}",
        $"{diff.Candidate.Id} compared with {diff.Baseline.Id}. {DiffSummary.Counts(diff)}",
        [.. Blocks(diff)]));

    private static IEnumerable<Block> Blocks(RunDiff diff)
    {
        string[] answer = [.. DiffSummary.Answer(diff)];
        if (answer.Length > 1) yield return new BulletList([.. answer[..^1].Select(a => (Prose)a)]);
        yield return new Table(
            [
                new("Stack", Names: true),
                new("Question"),
                new("Metric"),
                new("Before", true),
                new("Now", true),
                new("Change (interval)", true),
                new("Verdict")],
            [.. diff.Changes.Select(c => (IReadOnlyList<Prose>)
                [
                    c.Stack,
                    ChangeText.Question(diff, c),
                    ChangeText.Metric(c),
                    ChangeText.Value(c, c.Baseline),
                    ChangeText.Value(c, c.Candidate),
                    ChangeText.Change(c), c.Verdict == ChangeVerdict.Regression ? Text(Bad(ChangeText.Verdict(c))) : ChangeText.Verdict(c),
                ])]);
        yield return new Paragraph("The intervals of a question hold all at once with 95 % confidence. " +
            $"A regression is one whose whole interval lies more than {Resolution.PracticalDifference} on the worse side.");
        string[] reasons =
        [
            .. diff.Changes
                .Where(c => c.Verdict == ChangeVerdict.NotCompared)
                .Select(c => $"not compared: {c.Stack}, {ChangeText.Question(diff, c)}: {c.Reason}"),
            .. DiffSummary.Notes(diff),
        ];
        if (reasons.Length > 0) yield return new BulletList([.. reasons.Select(r => (Prose)r)]);
        yield return new Heading(2, "What changed in between", "changed");
        if (diff.Baseline.Manifest is null || diff.Candidate.Manifest is null)
            yield return new Paragraph("Not known: there is no manifest.json beside a results.json.");
        else if (diff.Differences.Count == 0) yield return new Paragraph("None that the manifests show.");
        if (diff.Differences.Count > 0)
            yield return new Table([new("What", Names: true), new("Before"), new("Now")],
                [.. diff.Differences.Select(d => (IReadOnlyList<Prose>)[d.What, d.Baseline, d.Candidate])]);
    }
}
