using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>Something that is not of the deployment listened where it was to answer: what was measured may be that.</summary>
public sealed class IntruderAnswered : IVerdictRule
{
    public string Id => "intruder-answered";

    public Finding? Check(TrialFacts trial) => trial.Record.Intruder is { } intruder
        ? new Finding(
            Id, Severity.Invalid, $"something else answered in the server's place: {intruder}", "End that process, and measure again")
        : null;
}
