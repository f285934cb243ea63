using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>There is nothing to measure.</summary>
public sealed class NoSuccess : IVerdictRule
{
    public string Id => "no-success";

    public Finding? Check(TrialFacts trial)
    {
        if (trial.Samples.Successes > 0) return null;
        var (severity, message) = trial.Samples.Count == 0
            ? (Severity.Invalid, "no request fell into the measured window")
            : (Severity.Saturated, $"none of {Plural.Of(trial.Samples.Count, "request")} succeeded");
        return new Finding(Id, severity, message, "Lengthen the measured window or lower the load, and look at the server's log");
    }
}
