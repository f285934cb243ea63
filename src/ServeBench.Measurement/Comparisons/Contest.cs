using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Comparisons;

/// <summary>One question of one workload, with where every stack stands in it. Stacks that cannot stand have no values.</summary>
/// <param name="Key">What is asked.</param>
/// <param name="Metric">The metric compared; null when no stack can stand.</param>
/// <param name="Sides">One per stack, in the manifest's order.</param>
/// <param name="StandingCases">The cases behind the values.</param>
internal sealed record Contest(
    ContestKey Key,
    IMetric? Metric,
    IReadOnlyList<ComparisonSide> Sides,
    IReadOnlyList<CaseResult> StandingCases)
{
    /// <summary>True when the first stands better than the second.</summary>
    public bool Better(ComparisonSide first, ComparisonSide second) =>
        Metric!.Better == Metrics.Better.Higher ? first.Median > second.Median : first.Median < second.Median;
}

/// <param name="Level">The common level of a latency question; null for capacity.</param>
internal sealed record ContestKey(string Question, string Workload, string Model, string Host, string Scenario, string? Level);
