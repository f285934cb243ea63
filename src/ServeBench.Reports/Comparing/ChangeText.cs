using ServeBench.Measurement.Comparisons;
using ServeBench.Measurement.Metrics;
using ServeBench.Reports.Content;

namespace ServeBench.Reports.Comparing;

/// <summary>Puts one change into words, as the value itself changed: 12 % fewer items per second, 12 % more milliseconds.</summary>
internal static class ChangeText
{
    public static string Verdict(RunChange change) => change.Verdict switch
    {
        ChangeVerdict.Regression => "REGRESSION",
        ChangeVerdict.Improvement => "improvement",
        ChangeVerdict.Unchanged => "unchanged",
        ChangeVerdict.Undecided => "undecided",
        _ => "not compared",
    };

    /// <summary>capacity, mixed-length; latency, mixed-length at poisson-50pc; with the model where there are several.</summary>
    public static string Question(RunDiff diff, RunChange change)
    {
        var model = diff.Candidate.Results.Cases.Concat(diff.Baseline.Results.Cases).Select(c => c.Model).Distinct().Count() > 1
            ? $" with {change.Model}"
            : "";
        return $"{change.Question}, {change.Workload}{(change.Level is { } level ? $" at {level}" : "")}{model}";
    }

    /// <summary>Items/s, p95 latency.</summary>
    public static string Metric(RunChange change) => change.Metric switch
    {
        null => "",
        ItemThroughput.MetricId => "items/s",
        var id => MetricCatalogue.Get(id).Title,
    };

    public static string Value(RunChange change, double? stored) =>
        stored is { } value && change.Metric is { } id ? NumberText.WithUnit(MetricCatalogue.Get(id).Unit, value) : Words.Nothing;

    /// <summary>-10.2 % (-12.4 to -7.9 %); empty where nothing was compared.</summary>
    public static string Change(RunChange change)
    {
        if (change is not { Ratio: { } ratio, Low: { } low, High: { } high, Metric: { } id }) return "";
        // A ratio says how many times as good: for a metric where less is better, the value changed the other way.
        return MetricCatalogue.Get(id).Better == Better.Higher
            ? $"{Signed(ratio)} % ({Signed(low)} to {Signed(high)} %)"
            : $"{Signed(1 / ratio)} % ({Signed(1 / high)} to {Signed(1 / low)} %)";
    }

    /// <summary>The whole of it in one line.</summary>
    public static string Sentence(RunDiff diff, RunChange change)
    {
        var subject = $"{Verdict(change)}: {change.Stack}, {Question(diff, change)}";
        return Change(change) is { Length: > 0 } by
            ? $"{subject}: {Metric(change)} {by}, from {Value(change, change.Baseline)} to {Value(change, change.Candidate)}"
            : $"{subject}: {change.Reason.TrimEnd('.')}";
    }

    private static string Signed(double ratio) => (100 * (ratio - 1)).ToString("+0.0;-0.0;0.0");
}
