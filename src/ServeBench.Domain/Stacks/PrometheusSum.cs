using System.Text.RegularExpressions;

namespace ServeBench.Domain.Stacks;

/// <summary>The sum over the series of a metric that have certain labels.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Labels">Labels that a series must have, with their values; empty for all series.</param>
public sealed partial record PrometheusSum(string Metric, IReadOnlyDictionary<string, string> Labels)
{
    internal static PrometheusSum? TryParse(string text) => Form().Match(text) is { Success: true } match
        ? new PrometheusSum(match.Groups["metric"].Value, PrometheusSeries.LabelsOf(match.Groups["labels"].Value))
        : null;

    /// <param name="text">An answer in Prometheus text form.</param>
    /// <returns>The sum; null when the answer has no such series.</returns>
    public double? In(string text)
    {
        double? sum = null;
        foreach (var series in PrometheusSeries.Of(text, Metric))
        {
            if (series.Value is { } value && Labels.All(l => series.Labels.GetValueOrDefault(l.Key) == l.Value)) sum = (sum ?? 0) + value;
        }
        return sum;
    }

    [GeneratedRegex(
        """^(?<metric>[a-zA-Z_:][a-zA-Z0-9_:]*)"""
            + """(\{(?<labels>[a-zA-Z_][a-zA-Z0-9_]*="[^"]*"(, ?[a-zA-Z_][a-zA-Z0-9_]*="[^"]*")*)\})?$""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
