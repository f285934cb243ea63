using ServeBench.Domain.Workloads;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Reports.Content;

/// <summary>Puts answers into words.</summary>
public static class AnswerText
{
    /// <summary>winner: 29 % more; winner: 40 % faster; tie; too few trials to decide; not compared; only one stack.</summary>
    /// <param name="brief">True leaves out what is said elsewhere: that the next of several stacks is meant, and how many trials would do.</param>
    public static string Verdict(ReportContext report, Answer answer, bool brief = false)
    {
        var pair = Pair(report, answer);
        return answer.Verdict switch
        {
            ComparisonVerdict.Winner => $"winner: {Margin(answer, pair!, brief)}",
            ComparisonVerdict.Tie => pair?.Difference is { } difference ? $"tie: {NumberText.Percent(difference, 2)} apart" : "tie",
            ComparisonVerdict.TooFewTrials => !brief && Enough(report, answer) is { } enough ? $"too few trials to decide ({enough} would do)" : "too few trials to decide",
            _ => answer.Standings.Count == 1 ? "only one stack" : "not compared",
        };
    }

    /// <summary>How far the winner is from the stack that comes next: 29 % more; 40 % faster, which is a latency 1.4 times as long for the next.</summary>
    public static string Margin(Answer answer, Comparison pair, bool brief = false)
    {
        var by = $"{NumberText.Percent(pair.Difference!.Value, 2)} {(answer.Question == Questions.Capacity ? "more" : "faster")}";
        return !brief && answer.Standings.Count(s => s.Median is not null) > 2 ? by + " than the next" : by;
    }

    /// <summary>The workload and, for a latency question, the load: mixed-length at 76 requests/s (poisson).</summary>
    public static string Subject(ReportContext report, Answer answer)
    {
        var name = report.SeveralModels ? $"{answer.Workload} with {answer.Model}" : answer.Workload;
        return answer.Level is { } level ? $"{name} at {LevelTitle(report, answer.Workload, answer.Scenario, level)}" : name;
    }

    /// <summary>INVALID, or nothing where a value is missing for another reason.</summary>
    public static bool IsInvalid(ComparisonSide side) => side.Absence?.EndsWith("INVALID", StringComparison.Ordinal) == true;

    public static string LevelTitle(ReportContext report, string workload, string scenario, string level) =>
        report.Manifest.Workloads.Where(w => w.Name == workload)
            .SelectMany(w => w.Scenarios).Where(s => s.Name == scenario)
            .SelectMany(s => s.Levels).FirstOrDefault(l => l.Id == level)?.Title ?? level;

    /// <summary>The comparison between the two stacks that stand best; null when fewer than two stand.</summary>
    public static Comparison? Pair(ReportContext report, Answer answer)
    {
        string[] best = [.. answer.Standings.Where(s => s.Median is not null).Take(2).Select(s => s.Stack)];
        return best.Length < 2 ? null : Comparisons(report, answer).Single(c => best.Contains(c.First.Stack) && best.Contains(c.Second.Stack));
    }

    public static IEnumerable<Comparison> Comparisons(ReportContext report, Answer answer) =>
        report.Results.Comparisons.Where(c =>
            (c.Question, c.Workload, c.Model, c.Host, c.Scenario, c.Level) ==
            (answer.Question, answer.Workload, answer.Model, answer.Host, answer.Scenario, answer.Level));

    /// <summary>How many trials of each would decide; null when that cannot be told.</summary>
    public static int? Enough(ReportContext report, Answer answer)
    {
        int?[] needed = [.. Comparisons(report, answer).Where(c => c.Verdict == ComparisonVerdict.TooFewTrials).Select(c => c.TrialsNeeded)];
        return needed.Length == 0 || needed.Contains(null) ? null : needed.Max();
    }

    /// <summary>The finding that makes most cases INVALID; null when none is.</summary>
    public static CaseFinding? MostFrequent(RunResults results) =>
        results.Cases.SelectMany(c => c.Findings).Where(f => f.Severity == Severity.Invalid)
            .GroupBy(f => f.Rule).OrderByDescending(g => g.Count()).FirstOrDefault()?.First();
}
