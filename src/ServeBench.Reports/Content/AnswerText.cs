using ServeBench.Domain.Wording;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Reports.Content;

/// <summary>Puts answers into words: whom to take, by how much, who is as good, and what it would cost to know more.</summary>
public static class AnswerText
{
    /// <summary>What is said of a stack in the row of its own.</summary>
    /// <returns>
    /// best; looks best; best has 31 % more (24 to 38 %); equivalent or undecided, with the ratio and its interval; SATURATED; INVALID; why
    /// it was not compared.
    /// </returns>
    public static string Against(ReportContext report, Answer answer, ComparisonSide side)
    {
        if (side.Standing == Standing.Saturated) return Saturated(side);
        var comparison = Comparisons(report, answer).FirstOrDefault(c => c.Second.Stack == side.Stack);
        if (comparison is null) return First(answer, side);
        return comparison.Verdict switch
        {
            ComparisonVerdict.Better => Behind(report, answer, comparison),
            ComparisonVerdict.Equivalent => $"equivalent: {Behind(report, answer, comparison)}",
            ComparisonVerdict.Undecided => $"undecided: {Behind(report, answer, comparison)}",
            _ => side.Standing == Standing.Invalid ? "INVALID" : "not compared",
        };
    }

    /// <summary>The whole answer in one sentence or a few; nobody is left out.</summary>
    public static string Sentence(ReportContext report, Answer answer)
    {
        var comparisons = Comparisons(report, answer).ToArray();
        Comparison[] Of(ComparisonVerdict verdict) => [.. comparisons.Where(c => c.Verdict == verdict)];
        var parts = new List<string>();
        if (Lead(report, answer, Of(ComparisonVerdict.Better)) is { } lead) parts.Add(lead);
        if (Of(ComparisonVerdict.Equivalent) is { Length: > 0 } equivalent)
            parts.Add(
                $"as good within {Resolution.PracticalDifference}: "
                    + Words.List(equivalent.Select(c => report.Title(c.Second.Stack))));
        if (Of(ComparisonVerdict.Undecided) is { Length: > 0 } undecided)
            parts.Add(
                $"undecided: {Words.List(undecided.Select(c => $"{report.Title(c.Second.Stack)} ({Interval(c)})"))}"
                    + Cost(report, undecided));
        if (answer.Standings.Where(s => s.Standing == Standing.Saturated).ToArray() is { Length: > 0 } saturated)
            parts.Add(
                "SATURATED: "
                    + Words.List(saturated.Select(s =>
                        report.Title(s.Stack)
                        + (s.RateHeld is { } held ? $" (held {NumberText.Significant(held)} requests/s)" : ""))));
        if (Uncompared(answer, Of(ComparisonVerdict.NotCompared)) is { Length: > 0 } not)
            parts.Add("not compared: " + string.Join("; ", not.GroupBy(Reason).Select(g =>
                $"{Words.List(g.Select(s => report.Title(s.Stack)))} ({g.Key?.TrimEnd('.')})")));
        return $"{Words.Capital(string.Join("; ", parts))}.";

        string? Reason(ComparisonSide side) => side.Absence ?? comparisons.FirstOrDefault(c => c.Second.Stack == side.Stack)?.Reason;
    }

    /// <summary>
    /// Where the medians that a reader sees lie the other way round than the differences within blocks, by which stacks are ranked.
    /// </summary>
    /// <returns>One sentence for each stack whose median is worse than that of the stack below it.</returns>
    public static IEnumerable<string> OutOfOrder(ReportContext report, Answer answer)
    {
        if (answer.Metric is not { } id) yield break;
        var metric = MetricCatalogue.Get(id);
        var comparisons = Comparisons(report, answer).ToArray();
        double? RatioToBest(ComparisonSide side) =>
            side.Stack == comparisons[0].First.Stack ? 1 : comparisons.FirstOrDefault(c => c.Second.Stack == side.Stack)?.Ratio;
        ComparisonSide[] ranked =
            [.. answer.Standings.Where(s => s is { Median: not null } and not { Standing: Standing.Saturated })];
        foreach (var (above, below) in ranked.Zip(ranked.Skip(1)))
        {
            var (upper, lower) = (Value(above, metric.Unit), Value(below, metric.Unit));
            if (upper == lower || above.Median < below.Median != (metric.Better == Measurement.Metrics.Better.Higher)) continue;
            if (comparisons.Length == 0 || RatioToBest(above) is not { } first || RatioToBest(below) is not { } second) continue;
            yield return $"{Subject(report, answer)}: {report.Title(above.Stack)} ({upper}) is ranked above "
                + $"{report.Title(below.Stack)} ({lower}): within blocks the former is {Percent(second / first)} ahead";
        }
    }

    /// <summary>The workload and, for a latency question, the load: mixed-length at 76 requests/s (poisson).</summary>
    public static string Subject(ReportContext report, Answer answer)
    {
        var name = report.SeveralModels ? $"{answer.Workload} with {answer.Model}" : answer.Workload;
        return answer.Level is { } level ? $"{name} at {LevelTitle(report, answer.Workload, answer.Scenario, level)}" : name;
    }

    /// <summary>What a capacity is counted in: requests/s of a search, items/s of a closed loop.</summary>
    public static string PerSecond(ReportContext report, string metric) => $"{(metric == MaxRate.MetricId ? "requests" : report.Items)}/s";

    /// <summary>Requests per second at which a latency question was asked of a model; null for any other question.</summary>
    public static double? RateOf(ReportContext report, Answer answer) => report
        .Cases(answer.Workload, answer.Model, answer.Scenario)
        .FirstOrDefault(c => c.Level == answer.Level && c.Host == answer.Host)?.RatePerSecond;

    /// <summary>139, or at least 139 at the last level of a curve.</summary>
    public static string Value(ComparisonSide side, MetricUnit unit) =>
        $"{(side.AtLeast ? "at least " : "")}{NumberText.Shown(unit, side.Median!.Value)}";

    public static string LevelTitle(ReportContext report, string workload, string scenario, string level) =>
        report.Manifest.Workloads.Where(w => w.Name == workload)
            .SelectMany(w => w.Scenarios).Where(s => s.Name == scenario)
            .SelectMany(s => s.Levels).FirstOrDefault(l => l.Id == level)?.Title ?? level;

    public static IEnumerable<Comparison> Comparisons(ReportContext report, Answer answer) =>
        report.Results.Comparisons.Where(c =>
            (c.Question, c.Workload, c.Model, c.Host, c.Scenario, c.Level) ==
            (answer.Question, answer.Workload, answer.Model, answer.Host, answer.Scenario, answer.Level));

    /// <summary>How many trials of each would decide what is undecided; null when nothing is, or no feasible number would.</summary>
    public static int? Enough(IEnumerable<Comparison> undecided)
    {
        int?[] needed = [.. undecided.Select(c => c.TrialsNeeded)];
        return needed.Length == 0 || needed.Contains(null) ? null : needed.Max();
    }

    /// <summary>The finding that makes most cases INVALID; null when none is.</summary>
    public static CaseFinding? MostFrequent(RunResults results) =>
        results.Cases.Where(c => c.Standing == Standing.Invalid).SelectMany(c => c.Findings).Where(f => f.Severity == Severity.Invalid)
            .GroupBy(f => f.Rule).OrderByDescending(g => g.Count()).FirstOrDefault()?.First();

    /// <summary>24 to 38 %; -2 to 4 %: by how many per cent the first is better.</summary>
    public static string Interval(Comparison comparison) => $"{Number(comparison.Low!.Value)} to {Percent(comparison.High!.Value)}";

    private static string? Lead(ReportContext report, Answer answer, Comparison[] beaten)
    {
        if (answer.Stacks.Count == 0 || answer.Standings.All(s => s.Median is null)) return null;
        var best = answer.Standings[0];
        var name = report.Title(best.Stack);
        if (answer.Standings.Count == 1) return $"only one stack: {name}";
        if (answer.Verdict == ComparisonVerdict.NotCompared) return $"{name} has a value, and nothing to be compared with";
        var take = answer.Verdict == ComparisonVerdict.Undecided ? $"{name} looks best" : $"take {name}";
        if (best.Unsettled) take += ", whose warm-up did not settle in most trials";
        var measured = beaten.Where(c => c.Ratio is not null).ToArray();
        if (measured.Length == 0) return take;
        var next = measured.MinBy(c => c.Low)!;
        var than = measured.Length == 1
            ? report.Title(next.Second.Stack)
            : $"{report.Title(next.Second.Stack)}, the closest of {measured.Length} that it beats";
        return $"{take}: {Percent(next.Ratio!.Value)} {Better(report, answer)} ({Interval(next)}) than {than}";
    }

    /// <summary>What it would take to decide, and how long from here.</summary>
    private static string Cost(ReportContext report, Comparison[] undecided)
    {
        if (undecided.All(c => c.First.Unsettled && c.TrialsNeeded is null)) return "";
        if (Enough(undecided) is not { } trials) return ", and no feasible number of trials would decide all";
        var run = report.Results.Run;
        var more = trials - run.Trials;
        return run.FinishedUtc is { } finished && run.Trials > 0 && more > 0
            ? $"; {Plural.Of(trials, "trial")} each would decide, about {Duration((finished - run.StartedUtc) / run.Trials * more)} more"
            : $"; {Plural.Of(trials, "trial")} each would decide";
    }

    /// <summary>Nobody plans an evening by 1,104 minutes.</summary>
    private static string Duration(TimeSpan time) =>
        time < TimeSpan.FromHours(2) ? $"{Math.Max(1, time.TotalMinutes):0} min" : $"{time.TotalHours:0} h";

    private static ComparisonSide[] Uncompared(Answer answer, Comparison[] not) =>
        [.. answer.Standings.Where(s => s.Standing != Standing.Saturated && (s.Median is null || not.Any(c => c.Second.Stack == s.Stack)))];

    private static string First(Answer answer, ComparisonSide side) => side.Median is null
        ? side.Standing == Standing.Invalid ? "INVALID" : "not compared"
        : answer.Verdict switch
        {
            ComparisonVerdict.Better => "best",
            ComparisonVerdict.Equivalent => "best, shared",
            ComparisonVerdict.Undecided => "looks best",
            _ => answer.Standings.Count == 1 ? "only one stack" : "not compared",
        };

    private static string Saturated(ComparisonSide side) =>
        side.RateHeld is { } held ? $"SATURATED, held only {NumberText.Significant(held)} requests/s" : "SATURATED";

    private static string Better(ReportContext report, Answer answer) => report.Questions.Get(answer.Question).Ahead;

    private static string Behind(ReportContext report, Answer answer, Comparison comparison) =>
        $"{report.Questions.Get(answer.Question).Behind(Percent(comparison.Ratio!.Value))} ({Interval(comparison)})";

    private static string Percent(double ratio) => $"{Number(ratio)} %";

    private static string Number(double ratio) => $"{(ratio - 1) * 100:0}" is "-0" ? "0" : $"{(ratio - 1) * 100:0}";
}
