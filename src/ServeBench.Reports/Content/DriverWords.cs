using ServeBench.Domain.Wording;
using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Drivers;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Reports.Content;

/// <summary>What two load drivers agree and disagree on, in words.</summary>
internal static class DriverWords
{
    /// <summary>How far the drivers agree, in one sentence, then one for each figure beyond 5 %.</summary>
    public static IEnumerable<string> Findings(ReportContext report)
    {
        if (report.Results.DriverAgreements is not { Count: > 0 } agreements) yield break;
        var (one, all) = (agreements[0], agreements.SelectMany(a => a.Stacks).ToArray());
        int Count(Func<DriverRatio, bool> of) => all.Count(of);
        var (measured, beyond) = (Count(r => r.Ratio is not null), Count(r => r.IsFinding));
        string Of(DriverVerdict verdict, string single, string several)
        {
            var count = Count(r => r.Verdict == verdict);
            return $"{count} {Plural.Verb(count, single, several)}";
        }
        yield return $"{one.First} and {one.Second}: of {Plural.Of(measured, "figure")} that both measured, "
            + $"{Of(DriverVerdict.Agree, "agrees", "agree")} within {Resolution.PracticalDifference} by the whole interval, "
            + $"{Of(DriverVerdict.Disagree, "differs", "differ")} by more than that, "
            + $"{Of(DriverVerdict.Undecided, "is", "are")} "
            + $"undecided{(all.Length > measured ? $"; {all.Length - measured} not measured by both" : "")}.";
        if (beyond == 0) yield break;
        foreach (var (of, ratio) in agreements.SelectMany(a => a.Stacks.Where(r => r.IsFinding).Select(r => (a, r))))
            yield return $"Drivers differ: {Metric(of)} of {report.Title(ratio.Stack)} on {Subject(report, of)} is "
                + $"{NumberText.Ratio(ratio.Ratio!.Value)} times as much with {of.Second} as with {of.First}{Interval(ratio)}.";
    }

    public static string Subject(ReportContext report, DriverAgreement of)
    {
        var name = report.SeveralModels ? $"{of.Workload} with {of.Model}" : of.Workload;
        var level = AnswerText.LevelTitle(report, of.Workload, of.Scenario, of.Level);
        return of.Metric == MaxRate.MetricId ? name : $"{name} at {level}";
    }

    public static string Metric(DriverAgreement of) =>
        MetricCatalogue.Get(of.Metric).Title is var title && title.StartsWith('p') ? title : title.ToLowerInvariant();

    private static string Interval(DriverRatio ratio) => ratio is { Low: { } low, High: { } high }
        ? $" ({NumberText.Ratio(low)} to {NumberText.Ratio(high)}{(ratio.Verdict == DriverVerdict.Disagree ? "" : ": undecided")})"
        : " (one pair, so no interval)";
}
