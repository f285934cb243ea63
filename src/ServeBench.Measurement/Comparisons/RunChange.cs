namespace ServeBench.Measurement.Comparisons;

/// <summary>One stack on one question of one workload in two runs.</summary>
/// <param name="Metric">Id of the metric compared.</param>
/// <param name="Baseline">Median of the earlier run, stored unit.</param>
/// <param name="Candidate">Median of the later.</param>
/// <param name="Ratio">How many times as good the candidate is: 0.9 for a tenth worse. Null when it could not be compared.</param>
/// <param name="Low">Lower end of its interval; those of a question hold all at once with 95 % confidence.</param>
/// <param name="High">Upper end.</param>
/// <param name="Reason">Why the verdict is what it is, for people.</param>
public sealed record RunChange(
    string Stack,
    string Question,
    string Workload,
    string Model,
    string Scenario,
    string? Level,
    string? Metric,
    double? Baseline,
    double? Candidate,
    double? Ratio,
    double? Low,
    double? High,
    ChangeVerdict Verdict,
    string Reason);
