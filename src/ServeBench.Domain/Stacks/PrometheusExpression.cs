namespace ServeBench.Domain.Stacks;

/// <summary>
/// What is read from an answer in Prometheus text form: the sum over the series of a metric, or the quotient of two such sums.
/// </summary>
/// <param name="Text">As it was written.</param>
/// <param name="Numerator">The sum, or the numerator of a quotient.</param>
/// <param name="Denominator">The denominator; null for no quotient.</param>
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
