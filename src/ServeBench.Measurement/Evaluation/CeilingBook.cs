using ServeBench.Domain.Trials;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evaluation;

/// <summary>The raw runtime's throughput by workload and model.</summary>
internal sealed class CeilingBook
{
    private readonly Dictionary<Key, double> _medians;

    private CeilingBook(IReadOnlyList<CeilingResult> results, Dictionary<Key, double> medians) => (Results, _medians) = (results, medians);

    public IReadOnlyList<CeilingResult> Results { get; }

    public static CeilingBook Of(IReadOnlyList<CeilingRecord> records)
    {
        var results = new List<CeilingResult>();
        var medians = new Dictionary<Key, double>();
        foreach (var group in records.GroupBy(r => new Key(r.Workload, r.Model, r.Weights, r.Precision)))
        {
            // The repetitions inside the blocks saw the same machine as the servers did; the sweep before them only chose the batch size.
            CeilingRecord[] repetitions = [.. group.Where(r => r.Trial > 0).OrderBy(r => r.Trial)];
            var sweep = group.MinBy(r => r.Trial)!;
            if (repetitions.Length == 0) repetitions = [sweep];
            var values = repetitions.Select(r => r.ItemsPerSecond).ToArray();
            medians[group.Key] = Spread.MedianOf(values);
            results.Add(new CeilingResult(group.Key.Workload, group.Key.Model, group.Key.Weights, group.Key.Precision,
                MetricResult.Of(values), sweep.BatchSize, sweep.Sweep, sweep.Cpus, sweep.Runtime));
        }
        return new CeilingBook(results, medians);
    }

    /// <returns>Null when the raw runtime was not measured on the same inputs and precision.</returns>
    public double? ItemsPerSecond(CaseRecord of) =>
        _medians.TryGetValue(new Key(of.Workload, of.Model, of.Weights, of.Precision), out var median) ? median : null;

    private readonly record struct Key(string Workload, string Model, string Weights, string Precision);
}
