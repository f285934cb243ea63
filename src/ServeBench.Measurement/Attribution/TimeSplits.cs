using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Attribution;

/// <summary>Where the time went: every stack with one request in flight, and at the level of its greatest throughput.</summary>
internal static class TimeSplits
{
    /// <param name="trials">All of the run.</param>
    /// <param name="cases">Put together from them.</param>
    /// <param name="ceilings">The raw runtime's.</param>
    public static IReadOnlyList<TimeSplit> Of(
        IReadOnlyList<MeasuredTrial> trials, IReadOnlyList<CaseResult> cases, IReadOnlyList<CeilingResult> ceilings) =>
    [
        .. from of in cases
           where of is { Concurrency: not null, IsTwin: false } && of.Standing != Standing.Invalid
           group of by (of.Workload, of.Model, of.Host, of.Scenario, of.Contender) into sweep
           let best = sweep
               .Where(c => c.Valid && c.Median(ItemThroughput.MetricId) is not null)
               .MaxBy(c => c.Median(ItemThroughput.MetricId))
           from one in sweep
           where one.Concurrency == 1 || one == best
           let times = Times(trials, one)
           where times.Length > 0
           select Split(one, times, one == best, RawSeconds(ceilings, one)),
    ];

    /// <summary>
    /// With as many items at hand as are in flight the raw runtime would use the fastest batch size that is no larger; its rates of the
    /// sweep before the run are brought to what it reached inside the blocks.
    /// </summary>
    /// <returns>Null when it was not measured.</returns>
    internal static double? RawSeconds(IReadOnlyList<CeilingResult> ceilings, CaseResult of)
    {
        if (ceilings.FirstOrDefault(
            c => c.Workload == of.Workload
                && c.Model == of.Model
                && c.Weights == of.Weights
                && c.Precision == of.Precision) is not { } ceiling)
            return null;
        var items = of.Concurrency!.Value * of.ItemsPerRequest;
        if (ceiling.ItemsPerSecond.Median is not { } inside
            || ceiling.Sweep.FirstOrDefault(p => p.BatchSize == ceiling.BatchSize) is not { } chosen)
            return null;
        var possible = ceiling.Sweep.Where(p => p.BatchSize <= items).Select(p => p.ItemsPerSecond).ToArray();
        return possible.Length == 0 ? null : items / (possible.Max() * inside / chosen.ItemsPerSecond);
    }

    private static RequestTime[] Times(IReadOnlyList<MeasuredTrial> trials, CaseResult of) =>
    [
        .. from trial in trials
           let c = trial.Record.Case
           where trial.Spoiled is null && trial.Time is not null
           where (c.Contender, c.Workload, c.Model, c.Host, c.Scenario, c.Level)
               == (of.Contender, of.Workload, of.Model, of.Host, of.Scenario, of.Level)
           select trial.Time,
    ];

    private static TimeSplit Split(CaseResult of, RequestTime[] times, bool isBest, double? raw)
    {
        var (whole, parts, gap) = TimeSplit.Split(times, raw, of.Concurrency!.Value);
        return new TimeSplit
        {
            Contender = of.Contender,
            Workload = of.Workload,
            Model = of.Model,
            Host = of.Host,
            Scenario = of.Scenario,
            Level = of.Level,
            Concurrency = of.Concurrency.Value,
            IsBest = isBest,
            Trials = times.Length,
            Whole = Rounded.Of(whole),
            Parts = [.. parts.Select(p => p with { Seconds = Rounded.Of(p.Seconds) })],
            Raw = Rounded.Of(raw),
            Gap = gap is null ? null : [.. gap.Select(g => g with { Seconds = Rounded.Of(g.Seconds) })],
        };
    }
}
