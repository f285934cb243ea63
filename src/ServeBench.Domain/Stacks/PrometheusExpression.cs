using System.Globalization;
using System.Text.RegularExpressions;

namespace ServeBench.Domain.Stacks;

/// <summary>
/// What is read from an answer in Prometheus text form: the sum over the series of a metric, or the quotient of two such sums.
/// </summary>
/// <param name="Text">As it was written.</param>
/// <param name="Numerator">The sum, or what stands above.</param>
/// <param name="Denominator">What stands below; null for no quotient.</param>
public sealed record PrometheusExpression(string Text, PrometheusSum Numerator, PrometheusSum? Denominator)
{
    /// <returns>The expression, or null with the reason in <paramref name="problem"/>.</returns>
    public static PrometheusExpression? TryParse(string text, out string problem)
    {
        problem = "";
        var parts = text.Split(" / ");
        if (parts.Length > 2) problem = $"'{text}' has more than one quotient";
        var sums = parts.Select(p => PrometheusSum.TryParse(p.Trim())).ToArray();
        if (Array.IndexOf(sums, null) is >= 0 and var wrong) problem = $"'{parts[wrong].Trim()}' is not a metric with labels";
        return problem.Length == 0 ? new PrometheusExpression(text, sums[0]!, sums.ElementAtOrDefault(1)) : null;
    }
}

/// <summary>The sum over the series of a metric that have certain labels.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Labels">Labels that a series must have, with their values; empty for all series.</param>
public sealed partial record PrometheusSum(string Metric, IReadOnlyDictionary<string, string> Labels)
{
    internal static PrometheusSum? TryParse(string text)
    {
        if (Form().Match(text) is not { Success: true } match) return null;
        var labels = new Dictionary<string, string>();
        foreach (Match label in Label().Matches(match.Groups["labels"].Value))
            labels[label.Groups["name"].Value] = label.Groups["value"].Value;
        return new PrometheusSum(match.Groups["metric"].Value, labels);
    }

    /// <param name="text">An answer in Prometheus text form.</param>
    /// <returns>The sum; null when the answer has no such series.</returns>
    public double? In(string text)
    {
        double? sum = null;
        foreach (var line in text.Split('\n'))
        {
            if (!line.StartsWith(Metric, StringComparison.Ordinal)
                || line.Length == Metric.Length
                || line[Metric.Length] is not (' ' or '{'))
                continue;
            // Labels may hold spaces; a value follows the closing brace, or the name where there are no labels.
            var end = line[Metric.Length] == '{' ? line.LastIndexOf('}') + 1 : Metric.Length;
            if (!HasLabels(line[Metric.Length..end])) continue;
            var value = line[end..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first : "";
            if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) sum = (sum ?? 0) + number;
        }
        return sum;
    }

    private bool HasLabels(string series)
    {
        if (Labels.Count == 0) return true;
        var found = Label().Matches(series).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value);
        return Labels.All(l => found.GetValueOrDefault(l.Key) == l.Value);
    }

    [GeneratedRegex(
        """^(?<metric>[a-zA-Z_:][a-zA-Z0-9_:]*)"""
            + """(\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*="[^"]*"(, ?[a-zA-Z_][a-zA-Z0-9_]*="[^"]*")*)\})?$""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>[^"]*)""" + "\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
