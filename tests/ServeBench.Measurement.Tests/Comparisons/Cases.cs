using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Tests.Comparisons;

/// <summary>Builds cases that hold nothing but what comparisons read.</summary>
internal static class Cases
{
    /// <summary>A closed-loop case by its throughput in each trial.</summary>
    public static CaseResult Capacity(string contender, string level, params double[] itemsPerSecond) =>
        Case(contender, "capacity", level, (ItemThroughput.MetricId, itemsPerSecond));

    /// <summary>A search by the rate that each trial found.</summary>
    public static CaseResult Search(string contender, params double[] perSecond) =>
        Case(contender, "capacity", "max-rate", (MaxRate.MetricId, perSecond), (ItemThroughput.MetricId, perSecond)) with { Scenario = "max-rate", Loop = "open" };

    /// <summary>An open-loop case by its p95 and p50 in each trial, seconds.</summary>
    public static CaseResult Latency(string contender, string level, params double[] p95) =>
        Case(contender, "latency", level, (LatencyPercentile.P95, p95), (LatencyPercentile.P50, [.. p95.Select(v => v / 3)]));

    public static CaseResult Invalid(this CaseResult of) => of with { Standing = Standing.Invalid };

    /// <summary>As when the server fell behind.</summary>
    public static CaseResult Saturated(this CaseResult of, double held) => of with { Standing = Standing.Saturated, RateHeld = held };

    public static CaseResult On(this CaseResult of, string workload) => of with { Workload = workload };

    public static CaseResult MeasuredBy(this CaseResult of, string run) => of with { Trials = [.. of.Trials.Select(t => t with { MeasuredByRun = run })] };

    /// <summary>Without one of its trials, as when that was spoiled.</summary>
    public static CaseResult Spoiled(this CaseResult of, int trial) => of with { Trials = [.. of.Trials.Select(t => t.Trial == trial ? t with { Spoiled = "the client was busy" } : t)] };

    /// <summary>As when warm-up ran into its limit in most trials.</summary>
    public static CaseResult Unsettled(this CaseResult of) => of with { Settled = false };

    /// <summary>As when its trials had too few samples for a percentile.</summary>
    public static CaseResult Without(this CaseResult of, string metric) => of with
    {
        Metrics = of.Metrics.Where(m => m.Key != metric).ToDictionary(m => m.Key, m => m.Value),
        Trials = [.. of.Trials.Select(t => t with { Values = t.Values.Where(v => v.Key != metric).ToDictionary(v => v.Key, v => v.Value) })],
    };

    private static CaseResult Case(string contender, string question, string level, params (string Metric, double[] Values)[] metrics) => new()
    {
        Contender = contender,
        Stack = contender.Replace(Domain.Plans.Contender.TwinSuffix, ""),
        IsTwin = contender.EndsWith(Domain.Plans.Contender.TwinSuffix, StringComparison.Ordinal),
        Workload = "w",
        Scenario = question == "capacity" ? "sweep" : "steady",
        Question = question,
        Level = level,
        LevelTitle = level,
        Model = "m",
        Weights = "seeded",
        Precision = "fp32",
        Host = "process",
        Protocol = "p",
        Loop = question == "capacity" ? "closed" : "open",
        ItemsPerRequest = 1,
        Standing = Standing.Valid,
        Findings = [],
        Metrics = metrics.ToDictionary(m => m.Metric, m => MetricResult.Of(m.Values)),
        Trials = [.. Enumerable.Range(0, metrics[0].Values.Length).Select(i => Trial(i + 1, metrics.ToDictionary(m => m.Metric, m => m.Values[i])))],
        Timeline = new TimelineResult(1, 1, []),
    };

    private static TrialResult Trial(int trial, IReadOnlyDictionary<string, double> values) => new()
    {
        Trial = trial,
        Standing = Standing.Valid,
        MeasuredByRun = "run",
        DeploymentId = $"d{trial}",
        StartedUtc = DateTimeOffset.UnixEpoch,
        WindowSeconds = 1,
        Requests = 1,
        Outcomes = new Dictionary<string, int>(),
        AnswersChecked = 0,
        AnswersWrong = 0,
        WarmUpSettled = true,
        WarmUpSeconds = 1,
        Values = values,
        Findings = [],
    };
}
