using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Results;

/// <summary>The raw runtime on one workload: at the best single batch size.</summary>
/// <param name="ItemsPerSecond">Over the repetitions inside the run, or the sweep before it where there are none.</param>
/// <param name="Sweep">Every batch size of the sweep before the run.</param>
public sealed record CeilingResult(
    string Workload,
    string Model,
    string Weights,
    string Precision,
    MetricResult ItemsPerSecond,
    int BatchSize,
    IReadOnlyList<CeilingPoint> Sweep,
    IReadOnlyList<int> Cpus,
    string Runtime);
