namespace ServeBench.Measurement.Results;

/// <summary>Who won one question of one workload.</summary>
/// <param name="Metric">Id of the metric asked; null when nothing was compared.</param>
/// <param name="Verdict">A winner beat every other stack; a tie leaves several unbeaten.</param>
/// <param name="Stacks">The winner, or those that tie, or those undecided.</param>
/// <param name="Standings">Every stack with the value and level it stands at, best first; stacks without a value last, in the manifest's order.</param>
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
