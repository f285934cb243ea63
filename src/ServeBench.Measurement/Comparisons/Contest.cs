using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>One question of one workload, with the value of every stack in it.</summary>
/// <param name="Key">What is asked.</param>
/// <param name="Metric">The metric compared; null when no stack can take part.</param>
/// <param name="Entries">One per stack, in the manifest's order.</param>
internal sealed record Contest(ContestKey Key, IMetric? Metric, IReadOnlyList<Entry> Entries)
{
    /// <summary>The logarithm of a value, turned so that higher is better.</summary>
    public double Merit(double value) => Metric!.Better == Better.Higher ? Math.Log(value) : -Math.Log(value);
}

/// <summary>A stack in a contest.</summary>
/// <param name="Side">As it is published.</param>
/// <param name="Values">Its values with their blocks; none when it cannot take part.</param>
internal sealed record Entry(ComparisonSide Side, IReadOnlyList<BlockedValue> Values);

/// <param name="Level">The common level of a latency question; null where each stack has its own.</param>
internal sealed record ContestKey(string Question, string Workload, string Model, string Host, string Scenario, string? Level);
