using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
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
    /// <summary>
    /// One row per stack and question, then the caveats, then one sentence per question: whom to take, or what it would cost to
    /// know.
    /// </summary>
    public static IReadOnlyList<SummaryBlock> Of(RunResults results, RunManifest manifest) => Of(new ReportContext(results, manifest));

    /// <inheritdoc cref="Of(RunResults, RunManifest)"/>
    public static IReadOnlyList<SummaryBlock> Of(ReportContext report)
    {
        var results = report.Results;
        var blocks = new List<SummaryBlock>();
        foreach (var question in results.Answers.GroupBy(a => a.Question))
        {
            if (blocks.Count > 0) blocks.Add(new("", []));
            blocks.Add(new(Words.Question(report, question.Key), [.. question.SelectMany(a => Rows(report, a))]));
        }
        if (blocks.Count > 0) blocks.Add(new("", []));
        blocks.AddRange(Footnotes(report).Select(l => new SummaryBlock(l, [])));
        if (results.Answers.Count > 0) blocks.Add(new("", []));
        blocks.AddRange(results.Answers.Select(
            a => new SummaryBlock($"{Words.Capital(a.Question)}, {Subject(report, a)}: {AnswerText.Sentence(report, a)}", [])));
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
                side.Median is null ? Words.Nothing : Figure(report, answer, side),
                AnswerText.Against(report, answer, side),
            ];
            first = false;
        }
    }

    private static string Subject(ReportContext report, Answer answer)
    {
        var name = report.SeveralModels ? $"{answer.Workload} with {answer.Model}" : answer.Workload;
        return AnswerText.RateOf(report, answer) is { } perSecond ? $"{name} at {perSecond:0.###}/s" : name;
    }

    private static string Figure(ReportContext report, Answer answer, ComparisonSide side)
    {
        var metric = MetricCatalogue.Get(answer.Metric!);
        if (report.Questions.Get(answer.Question) is { NamesMetrics: true } or { IsOfRates: false })
            return $"{metric.Title} {NumberText.WithUnit(metric.Unit, side.Median!.Value)}";
        var figure = NumberText.Shown(metric.Unit, side.Median!.Value);
        return $"{(side.AtLeast ? ">= " : "")}{figure} {AnswerText.PerSecond(report, metric.Id)}";
    }

    private static IEnumerable<string> Footnotes(ReportContext report)
    {
        var results = report.Results;
        int Count(Standing standing) => results.Cases.Count(c => c.Standing == standing);
        var (invalid, saturated) = (Count(Standing.Invalid), Count(Standing.Saturated));
        var spoiled = results.Cases.Where(c => c.Standing != Standing.Invalid).SelectMany(c => c.Trials).Count(t => t.Spoiled is not null);
        var state = results.Cases.Count == 0 ? "nothing was measured"
            : invalid + saturated == 0 ? "all VALID"
            : string.Join(
                ", ",
                ((string?[])[
                    saturated > 0 ? $"{saturated} SATURATED" : null,
                    invalid > 0 ? $"{invalid} INVALID (the same command measures them again)" : null]).OfType<string>());
        yield return $"{Plural.Of(results.Cases.Count, "case")}, {state}; "
            + $"{Plural.Of(results.Run.Trials, "trial")}{(spoiled > 0 ? $", {Plural.Of(spoiled, "trial")} spoiled" : "")}; "
            + Resolvable(results);
        if (AnswerText.MostFrequent(results) is { } often) yield return $"INVALID, most often: {often.Message}.";
        foreach (var turned in results.Answers.SelectMany(a => AnswerText.OutOfOrder(report, a)))
            yield return $"Ranked by differences within blocks, not by medians: {turned}.";
        if (results.Run.Weights.Contains("seeded")) yield return "Seeded weights: speeds hold, answers mean nothing.";
        foreach (var found in report.Manifest.Contenders.Where(c => c is { IsTwin: false, Endpoint.AnswersCompared: false }))
            yield return $"{report.Title(found.Label)}: {found.Endpoint!.ParityAbsence}.";
        if (!results.Run.Quotable) yield return $"Profile {results.Run.Profile}: never quote these numbers.";
        foreach (var finding in DriverWords.Findings(report)) yield return finding;
        if (!results.Run.Complete) yield return "The run is not complete; the same command goes on from here.";
        foreach (var reused in results.Reused)
            yield return $"{report.Title(reused.Contender)}: {Plural.Of(reused.Trials, "trial")} from run {reused.Run}, "
                + $"{Words.AgeOf(reused, report.Manifest)}; "
                + "they decide nothing against this run's.";
    }

    /// <summary>The largest of a question's resolvable differences: what holds for all of its workloads.</summary>
    private static string Resolvable(RunResults results)
    {
        string[] each = [.. results.NoiseFloors
            .GroupBy(f => f.Question)
            .Select(q => $"{q.Key} {NumberText.Percent(q.Max(f => f.ResolvableRatio) - 1, 2)}")];
        return each.Length == 0 ? "what it can tell apart is not known" : $"tells stacks apart that differ by: {string.Join(", ", each)}";
    }
}
