namespace ServeBench.Measurement.Results;

/// <summary>How far two appearances of the same stack differ: whatever is smaller than that shows nothing.</summary>
/// <param name="Question">The question whose comparisons it bounds.</param>
/// <param name="Difference">The largest of the differences below.</param>
/// <param name="Differences">One per case of the question that the twin took part in.</param>
public sealed record NoiseFloor(string Question, double Difference, IReadOnlyList<TwinDifference> Differences);

/// <param name="Level">The level compared: the stack's best for capacity, the common one for latency.</param>
/// <param name="Difference">The larger median over the smaller, minus one.</param>
/// <param name="P">Exact two-sided Mann-Whitney over trials, uncorrected.</param>
public sealed record TwinDifference(
    string Stack,
    string Workload,
    string Model,
    string Host,
    string Scenario,
    string Level,
    string Metric,
    double Own,
    double Twin,
    double Difference,
    double P);
