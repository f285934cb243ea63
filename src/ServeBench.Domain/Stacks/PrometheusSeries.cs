using System.Globalization;
using System.Text.RegularExpressions;

namespace ServeBench.Domain.Stacks;

/// <summary>One line of an answer in Prometheus text form: a metric with its labels, and a value.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Labels">Values by the labels' names.</param>
/// <param name="Value">The value; null where what is written there is no number.</param>
public sealed partial record PrometheusSeries(string Metric, IReadOnlyDictionary<string, string> Labels, double? Value)
{
    /// <param name="text">An answer in Prometheus text form.</param>
    /// <param name="metric">The metric's name.</param>
    /// <returns>The series of that metric, in the order of the answer.</returns>
    public static IEnumerable<PrometheusSeries> Of(string text, string metric)
    {
        foreach (var line in text.Split('\n'))
        {
            if (!line.StartsWith(metric, StringComparison.Ordinal)
                || line.Length == metric.Length
                || line[metric.Length] is not (' ' or '{'))
                continue;
            // Labels may hold spaces; a value follows the closing brace, or the name where there are no labels.
            var end = line[metric.Length] == '{' ? line.LastIndexOf('}') + 1 : metric.Length;
            // A brace that does not close: the answer was cut off there.
            if (end == 0) continue;
            var value = line[end..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first : "";
            yield return new PrometheusSeries(
                metric,
                LabelsOf(line[metric.Length..end]),
                double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null);
        }
    }

    /// <summary>Reads <c>name="value",name="value"</c>, with or without braces around it.</summary>
    internal static Dictionary<string, string> LabelsOf(string text)
    {
        var labels = new Dictionary<string, string>();
        if (text.Length == 0) return labels;
        foreach (Match label in Label().Matches(text)) labels[label.Groups["name"].Value] = label.Groups["value"].Value;
        return labels;
    }

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>[^"]*)""" + "\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
