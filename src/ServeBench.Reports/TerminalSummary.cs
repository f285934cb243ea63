using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Reports.Content;

namespace ServeBench.Reports;

/// <summary>The outcome of a run in a few lines of plain text, at most <see cref="Width"/> columns wide.</summary>
public static class TerminalSummary
{
    public const int Width = 100;

    /// <summary>One row per stack and question: where it stands, and the answer beside the first.</summary>
    public static IReadOnlyList<string> Lines(RunResults results, RunManifest manifest)
    {
        var report = new ReportContext(results, manifest);
        var lines = new List<string>();
        foreach (var question in results.Answers.GroupBy(a => a.Question))
        {
            if (lines.Count > 0) lines.Add("");
            lines.Add(Words.Question(question.Key, report.Items));
            lines.AddRange(TextTable.Lines([.. question.SelectMany(a => Rows(report, a))]));
        }
        if (lines.Count > 0) lines.Add("");
        lines.AddRange(Footnotes(report));
        return [.. lines.Select(l => TextTable.Cut(l, Width))];
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
