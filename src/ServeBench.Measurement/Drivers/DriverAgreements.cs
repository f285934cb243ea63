using MathNet.Numerics.Distributions;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Stacks;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Drivers;

/// <summary>
/// Two drivers on the same deployments: pairs of logarithms, whose differences are free of what a deployment and its block are. Their
/// spread is pooled over the stacks of a figure, as few pairs of one stack tell little of it.
/// </summary>
internal static class DriverAgreements
{
    private const double Tail = 0.025;

    /// <summary>The highest percentile that some stack has with both drivers is shown beside the median.</summary>
    private static readonly string[] Percentiles = [LatencyPercentile.P95, LatencyPercentile.P90];

    /// <param name="own">Measured by the run's driver.</param>
    /// <param name="checks">Measured by the second one.</param>
    public static IReadOnlyList<DriverAgreement> Of(IReadOnlyList<MeasuredTrial> own, IReadOnlyList<MeasuredTrial> checks)
    {
        var first = own.ToDictionary(t => t.Record.Case);
        return
        [
            .. from check in checks
               group new Pair(first.GetValueOrDefault(check.Record.Case with { IsDriverCheck = false }), check)
               by (
                   check.Record.Case.Workload,
                   check.Record.Case.Model,
                   check.Record.Case.Host,
                   check.Record.Case.Scenario,
                   check.Record.Case.Level) into figure
               let pairs = figure.ToArray()
               from metric in Metrics(pairs)
               select new DriverAgreement
               {
                   Workload = figure.Key.Workload,
                   Model = figure.Key.Model,
                   Host = figure.Key.Host,
                   Scenario = figure.Key.Scenario,
                   Level = figure.Key.Level,
                   Metric = metric,
                   First = pairs.Select(p => p.First?.Record.Load.Driver).FirstOrDefault(d => d is not null) ?? "",
                   Second = pairs[0].Second.Record.Load.Driver,
                   Stacks = Ratios(pairs, metric),
               },
        ];
    }

    private static IEnumerable<string> Metrics(Pair[] pairs)
    {
        var load = pairs[0].Second.Record.Load;
        if (load.Search is not null) return [MaxRate.MetricId];
        if (load.Loop == Loop.Closed.Name) return [ItemThroughput.MetricId];
        return [LatencyPercentile.P50, .. Percentiles.Where(m => pairs.Any(p => p.Lacking(m) is null)).Take(1)];
    }

    private static IReadOnlyList<DriverRatio> Ratios(Pair[] pairs, string metric)
    {
        var stacks = pairs.GroupBy(p => Track.Label(p.Second.Record.Case.Stack, p.Second.Record.Case.Track))
            .Select(
                g => (
                    Stack: g.Key,
                    Whole: g.Where(p => p.Lacking(metric) is null).ToArray(),
                    Reason: g.Select(p => p.Lacking(metric)).FirstOrDefault(r => r is not null)))
            .ToArray();
        var (squares, df) = (0.0, 0);
        foreach (var (_, whole, _) in stacks)
        {
            var logs = whole.Select(p => p.Log(metric)).ToArray();
            if (logs.Length < 2) continue;
            var mean = logs.Average();
            squares += logs.Sum(l => (l - mean) * (l - mean));
            df += logs.Length - 1;
        }
        return [.. stacks.Select(s => Ratio(s.Stack, s.Whole, s.Reason, metric, df > 0 ? Math.Sqrt(squares / df) : null, df))];
    }

    private static DriverRatio Ratio(string stack, Pair[] pairs, string? reason, string metric, double? spread, int df)
    {
        if (pairs.Length == 0) return new DriverRatio { Stack = stack, Pairs = 0, NotMeasured = reason };
        var log = pairs.Average(p => p.Log(metric));
        var reach = spread is { } s ? StudentT.InvCDF(0, 1, df, 1 - Tail) * s / Math.Sqrt(pairs.Length) : (double?)null;
        double Mean(Func<Pair, MeasuredTrial> of) => Math.Exp(pairs.Average(p => Math.Log(of(p).Values[metric].Value!.Value)));
        return new DriverRatio
        {
            Stack = stack,
            Pairs = pairs.Length,
            First = Rounded.Of(Mean(p => p.First!)),
            Second = Rounded.Of(Mean(p => p.Second)),
            Ratio = Rounded.Of(Math.Exp(log)),
            Low = Rounded.Of(reach is { } r ? Math.Exp(log - r) : null),
            High = Rounded.Of(reach is { } h ? Math.Exp(log + h) : null),
        };
    }

    /// <param name="First">Null when the run's driver has not measured it.</param>
    private sealed record Pair(MeasuredTrial? First, MeasuredTrial Second)
    {
        public double Log(string metric) => Math.Log(Second.Values[metric].Value!.Value / First!.Values[metric].Value!.Value);

        /// <summary>Why the two cannot be compared; null when they can.</summary>
        public string? Lacking(string metric) =>
            First is null ? "the run's driver has not measured it" : Lacking(First, metric) ?? Lacking(Second, metric);

        private static string? Lacking(MeasuredTrial trial, string metric) => trial switch
        {
            { Spoiled: { } spoiled } => $"with {trial.Record.Load.Driver} it is INVALID: {spoiled}",
            _ when !trial.Values.TryGetValue(metric, out var value) || value.Value is not > 0 =>
                $"with {trial.Record.Load.Driver}: "
                    + $"{(trial.Values.GetValueOrDefault(metric) is { Reason: { } why } ? why : "it has no value")}",
            { Standing: Standing.Saturated } => $"with {trial.Record.Load.Driver} it is SATURATED",
            _ => null,
        };
    }
}
