namespace ServeBench.Measurement.Results;

/// <summary>The ranking of the stacks on one question of one workload.</summary>
/// <param name="Metric">Id of the metric asked; null when nothing was compared.</param>
/// <param name="Verdict">Better: the first of the stacks is better than every other one. Equivalent: all are decided, and several
/// share the lead. Undecided: some are not decided.</param>
/// <param name="Stacks">The one that looks best, then those that are equivalent to it, then those that may be; none when nothing
/// was compared.</param>
/// <param name="Standings">Every stack with its value and level, best first; then those that are saturated, by the
/// rate that they held; then those without a value, in the manifest's order.</param>
public sealed record Answer(
    string Question,
    string Workload,
    string Model,
    string Host,
    string Scenario,
    string? Level,
    string? Metric,
    ComparisonVerdict Verdict,
    IReadOnlyList<string> Stacks,
    IReadOnlyList<ComparisonSide> Standings);
