using ServeBench.Domain.Trials;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evaluation;

/// <summary>
/// The raw runtime's throughput by workload and model. A run that reuses trials of another has the other's ceilings beside its
/// own, so that every trial is related to the raw runtime as it was in the run that measured the trial.
/// </summary>
internal sealed class CeilingBook
{
    private readonly Dictionary<(Key, string Run), double> _byRun = [];
    private readonly Dictionary<Key, double> _shown = [];

    private CeilingBook(IReadOnlyList<CeilingRecord> records, string run)
    {
        var results = new List<CeilingResult>();
        foreach (var group in records.GroupBy(r => new Key(r.Workload, r.Model, r.Weights, r.Precision)))
        {
            // The repetitions inside the blocks saw the same machine as the servers did; the sweep before them only chose the batch size.
            CeilingRecord[] inside = [.. group.Where(r => r.Trial > 0)];
            foreach (var of in inside.GroupBy(r => r.MeasuredByRun))
                _byRun[(group.Key, of.Key)] = Spread.MedianOf([.. of.DistinctBy(r => r.Trial).Select(r => r.ItemsPerSecond)]);
            // Of every block one is shown: this run's own, if it has measured the block.
            CeilingRecord[] shown = [
                .. inside
                    .GroupBy(r => r.Trial)
                    .OrderBy(t => t.Key)
                    .Select(t => t.OrderBy(r => r.MeasuredByRun == run).ThenBy(r => r.StartedUtc).Last())];
            var sweep = group.MinBy(r => r.Trial)!;
            if (shown.Length == 0) shown = [sweep];
            var values = shown.Select(r => r.ItemsPerSecond).ToArray();
            _shown[group.Key] = Spread.MedianOf(values);
            results.Add(new CeilingResult(group.Key.Workload, group.Key.Model, group.Key.Weights, group.Key.Precision,
                MetricResult.Of(values), sweep.BatchSize, sweep.Sweep, sweep.Cpus, sweep.Runtime));
        }
        Results = results;
    }

    public IReadOnlyList<CeilingResult> Results { get; }

    /// <param name="records">Of the run's folder.</param>
    /// <param name="run">The run.</param>
    public static CeilingBook Of(IReadOnlyList<CeilingRecord> records, string run) => new(records, run);

    /// <summary>
    /// Over the repetitions of the run that measured the trial; in folders of before those were kept, over what is there.
    /// </summary>
    /// <returns>Null when the raw runtime was not measured on the same inputs and precision.</returns>
    public double? ItemsPerSecond(TrialRecord trial)
    {
        var key = new Key(trial.Case.Workload, trial.Case.Model, trial.Case.Weights, trial.Case.Precision);
        if (_byRun.TryGetValue((key, trial.MeasuredByRun), out var own)) return own;
        return _shown.TryGetValue(key, out var median) ? median : null;
    }

    /// <summary>As the sweep before the run has it for the batch that a closed loop makes possible; null where it was not tried.</summary>
    public double? ItemsPerSecondInFlight(TrialRecord trial)
    {
        if (trial.Load.Concurrency is not { } users) return null;
        var sweep = Results.FirstOrDefault(
            r => (r.Workload, r.Model, r.Weights, r.Precision)
                == (trial.Case.Workload, trial.Case.Model, trial.Case.Weights, trial.Case.Precision))?.Sweep;
        return sweep?.FirstOrDefault(p => p.BatchSize == users * trial.Load.ItemsPerRequest)?.ItemsPerSecond;
    }

    private readonly record struct Key(string Workload, string Model, string Weights, string Precision);
}
