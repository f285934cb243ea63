using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Measurement.Evaluation;

/// <summary>What is kept of one trial once its samples have been let go.</summary>
internal sealed record MeasuredTrial(
    TrialRecord Record,
    IReadOnlyDictionary<string, Measured> Values,
    IReadOnlyList<Finding> Findings,
    IReadOnlyDictionary<string, int> Outcomes,
    IReadOnlyList<TimelinePart> Timeline,
    IReadOnlyList<StagePart> Stages)
{
    public static MeasuredTrial Of(TrialFacts facts) => new(
        facts.Record,
        MetricCatalogue.OfTrials.Where(m => m.AppliesTo(facts.Record.Load)).ToDictionary(m => m.Id, m => m.Measure(facts)),
        VerdictRules.Check(facts),
        Domain.Samples.Outcomes.All.Where(o => facts.Samples.Of(o) > 0).ToDictionary(o => o.Id(), facts.Samples.Of),
        facts.Samples.Timeline,
        facts.Samples.Stages);

    /// <summary>Null in an open loop and in a ramp.</summary>
    public SweepPoint? SweepPoint { get; } = Record.Load.Concurrency is { } concurrency
        ? new SweepPoint(concurrency * Record.Load.ItemsPerRequest, Values[ItemThroughput.MetricId].Value)
        : null;
}
