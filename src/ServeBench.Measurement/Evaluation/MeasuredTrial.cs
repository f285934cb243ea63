using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Attribution;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Results;
using ServeBench.Measurement.Streams;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Evaluation;

/// <summary>What is kept of one trial once its samples have been let go.</summary>
internal sealed record MeasuredTrial(
    TrialRecord Record,
    IReadOnlyDictionary<string, Measured> Values,
    IReadOnlyList<Finding> Findings,
    IReadOnlyDictionary<string, int> Outcomes,
    IReadOnlyDictionary<string, OutcomeLatency> FailureLatencies,
    IReadOnlyList<TimelinePart> Timeline,
    IReadOnlyList<StagePart> Stages,
    double? RateHeld,
    RequestTime? Time)
{
    public Standing Standing { get; } = Findings.Any(f => f.Severity == Severity.Invalid) ? Standing.Invalid
        : Findings.Any(f => f.Severity == Severity.Saturated) ? Standing.Saturated : Standing.Valid;

    /// <summary>Why it counts for nothing; null when it counts.</summary>
    public string? Spoiled { get; } = Findings.FirstOrDefault(f => f.Severity == Severity.Invalid)?.Message;

    public static MeasuredTrial Of(TrialFacts facts, IReadOnlyList<IVerdictRule> rules) =>
        Of(facts, VerdictRules.Check(facts, rules));

    private static MeasuredTrial Of(TrialFacts facts, IReadOnlyList<Finding> findings) => new(
        facts.Record,
        MetricCatalogue.OfTrials.Where(m => m.AppliesTo(facts.Record.Load)).ToDictionary(m => m.Id, m => m.Measure(facts)),
        findings,
        Domain.Samples.Outcomes.All.Where(o => facts.Samples.Of(o) > 0).ToDictionary(o => o.Id(), facts.Samples.Of),
        facts.Samples.FailureLatencies,
        facts.Samples.Timeline,
        facts.Samples.Stages,
        Held(facts),
        facts.Record.Load.Concurrency is null ? null : RequestTime.Of(facts))
    {
        Streams = facts.Samples.Streams?.ToResult(),
        ObjectivesHeld = StreamObjectives.Held(facts, [.. findings.Select(f => f.Severity)]),
    };

    /// <summary>Of a rate that was asked at most that rate: what is more is chance.</summary>
    private static double? Held(TrialFacts facts) => facts.Samples switch
    {
        { Successes: 0, Count: > 0 } => 0,
        _ when facts.Record.Load.RatePerSecond is { } asked => facts.Samples.HeldPerSecond is { } held ? Math.Min(held, asked) : null,
        _ => facts.PerSecond(facts.Samples.Successes),
    };

    /// <summary>Null in an open loop and in a ramp.</summary>
    public SweepPoint? SweepPoint => Record.Load.Concurrency is { } concurrency
        ? new SweepPoint(concurrency * Record.Load.ItemsPerRequest, Values[ItemThroughput.MetricId].Value)
        {
            Users = concurrency,
            Held = ObjectivesHeld,
        }
        : null;

    /// <summary>Whether the objectives on streamed answers were held; null, with the reason, where that is not known.</summary>
    public (bool? Value, string? Unknown) ObjectivesHeld { get; init; }

    /// <summary>How the tokens of its answers came; null where answers are whole.</summary>
    public StreamResult? Streams { get; init; }
}
