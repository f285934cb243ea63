using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;

namespace ServeBench.Reports;

/// <summary>A line of the summary, with the table below it; an empty line where the text is empty.</summary>
/// <param name="Text">The line; null for none.</param>
/// <param name="Rows">Cells, all rows of one length; empty for no table.</param>
public sealed record SummaryBlock(string? Text, IReadOnlyList<string[]> Rows);

/// <summary>The outcome of a run in a few lines and tables of plain text; how they are laid out is the terminal's business.</summary>
public static class TerminalSummary
{
    /// <summary>One row per stack and question: where it stands, and the answer beside the first.</summary>
    public static IReadOnlyList<SummaryBlock> Of(RunResults results, RunManifest manifest)
    {
        var report = new ReportContext(results, manifest);
        var blocks = new List<SummaryBlock>();
        foreach (var question in results.Answers.GroupBy(a => a.Question))
        {
            if (blocks.Count > 0) blocks.Add(new("", []));
            blocks.Add(new(Words.Question(question.Key, report.Items), [.. question.SelectMany(a => Rows(report, a))]));
        }
        if (blocks.Count > 0) blocks.Add(new("", []));
        blocks.AddRange(Footnotes(report).Select(l => new SummaryBlock(l, [])));
        return blocks;
    }

    private static IEnumerable<string[]> Rows(ReportContext report, Answer answer)
    {
        var first = true;
        foreach (var side in answer.Standings)
        {
            yield return
            [
                first ? Subject(report, answer) : "",
                report.Title(side.Stack),
                side.Median is { } median ? Figure(report, answer, median) : AnswerText.IsInvalid(side) ? "INVALID" : Words.Nothing,
                first ? AnswerText.Verdict(report, answer, brief: true) : "",
            ];
            first = false;
        }
    }

    private static string Subject(ReportContext report, Answer answer)
    {
        var rate = report.Results.Cases.FirstOrDefault(c => c.Workload == answer.Workload && c.Scenario == answer.Scenario && c.Level == answer.Level)?.RatePerSecond;
        return rate is { } perSecond ? $"{answer.Workload} at {perSecond:0.###}/s" : answer.Workload;
    }

    private static string Figure(ReportContext report, Answer answer, double median)
    {
        var metric = MetricCatalogue.Get(answer.Metric!);
        return metric.Id == ItemThroughput.MetricId
            ? $"{NumberText.Shown(metric.Unit, median)} {report.Items}/s"
            : $"{metric.Title} {NumberText.WithUnit(metric.Unit, median)}";
    }

    private static IEnumerable<string> Footnotes(ReportContext report)
    {
        var results = report.Results;
        var invalid = results.Cases.Count(c => !c.Valid);
        var floors = results.NoiseFloors.Select(f => $"{f.Question} {NumberText.Percent(f.Difference, 2)}").ToArray();
        yield return $"{Words.Count(results.Cases.Count, "case")}, {(results.Cases.Count == 0 ? "nothing was measured" : invalid == 0 ? "all VALID" : $"{invalid} INVALID (--force measures everything again)")}; " +
            $"{Words.Count(results.Run.Trials, "trial")}; noise floor: {(floors.Length == 0 ? "not measured" : string.Join(", ", floors))}";
        if (AnswerText.MostFrequent(results) is { } often) yield return $"INVALID, most often: {often.Message}.";
        if (results.Answers.Where(a => a.Verdict == ComparisonVerdict.TooFewTrials).Select(a => AnswerText.Enough(report, a)).Max() is { } enough)
            yield return $"Where there are too few trials, {enough} would do: --trials={enough}.";
        if (results.Run.Weights.Contains("seeded")) yield return "Seeded weights: speeds hold, answers mean nothing.";
        if (!results.Run.Quotable) yield return $"Profile {results.Run.Profile}: never quote these numbers.";
        if (!results.Run.Complete) yield return "The run is not complete; the same command goes on from here.";
        foreach (var reused in results.Reused)
            yield return $"{report.Title(reused.Contender)}: {Words.Count(reused.Trials, "trial")} from run {reused.Run}, not interleaved.";
    }
}
