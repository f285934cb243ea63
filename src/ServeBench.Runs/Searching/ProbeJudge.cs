using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Verdicts;

namespace ServeBench.Runs.Searching;

/// <summary>Judges a probe of a search by the rules that every trial is judged by, and by the workload's objective on p95.</summary>
/// <param name="calibration">What the driver can do; null when that is not known.</param>
internal sealed class ProbeJudge(CalibrationRecord? calibration)
{
    private readonly SampleDigester _digester = new();

    /// <param name="record">The probe as if it were a trial.</param>
    /// <param name="samples">Its samples.</param>
    public ProbeRecord Judge(TrialRecord record, SampleTable samples)
    {
        var own = calibration?.Driver == record.Load.Driver ? calibration : null;
        var facts = new TrialFacts(record, _digester.Digest(record, samples), own, null);
        var findings = VerdictRules.Check(facts);
        var p95 = P95(facts.Samples);
        var invalid = findings.FirstOrDefault(f => f.Severity == Severity.Invalid)?.Message;
        var why = findings.FirstOrDefault(f => f.Severity == Severity.Saturated)?.Message
            ?? Late("p95", p95, record.Load.ObjectiveP95Seconds)
            ?? Late("p95 of TTFT", facts.Samples.Streams?.TtftP95 ?? 0, record.Load.ObjectiveTtftP95Seconds)
            ?? Late("p95 of ITL", facts.Samples.Streams?.ItlP95 ?? 0, record.Load.ObjectiveItlP95Seconds);
        return new ProbeRecord
        {
            OfferedPerSecond = record.Load.RatePerSecond!.Value,
            HeldPerSecond = facts.Samples.HeldPerSecond,
            P95Seconds = double.IsFinite(p95) ? p95 : null,
            Requests = facts.Samples.Count,
            Failures = facts.Samples.Failures,
            WindowSeconds = record.WindowSeconds,
            Met = invalid is null && why is null,
            Invalid = invalid,
            Why = why,
        };
    }

    public static ProbeOutcome OutcomeOf(ProbeRecord probe) =>
        probe.Invalid is not null ? ProbeOutcome.Invalid : probe.Met ? ProbeOutcome.Met : ProbeOutcome.Failed;

    /// <summary>Of all requests: one that failed was never answered, however soon it failed.</summary>
    private static double P95(SampleDigest samples)
    {
        var at = (int)Math.Ceiling(0.95 * samples.Count) - 1;
        return at < 0 || at >= samples.Successes ? double.PositiveInfinity : samples.EndToEnd[at] / SampleDigest.NanosecondsPerSecond;
    }

    private static string? Late(string what, double p95, double? objective) => objective is { } limit && p95 > limit
        ? $"its {what} was {(double.IsFinite(p95) ? NumberText.WithUnit(MetricUnit.Milliseconds, p95) : "without end")}, "
            + $"the objective is {NumberText.WithUnit(MetricUnit.Milliseconds, limit)}"
        : null;
}
