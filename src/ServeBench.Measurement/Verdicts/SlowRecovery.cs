using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>The server had to work off an earlier load before this one could begin.</summary>
public sealed class SlowRecovery : IVerdictRule
{
    private const double Noteworthy = 1;

    public string Id => "slow-recovery";

    public Finding? Check(TrialFacts trial) => trial.Record.Recovery switch
    {
        { Recovered: false, Seconds: var waited } => new Finding(
            Id,
            Severity.Note,
            $"{NumberText.Significant(waited)} s after the load before it, the server still did not answer one request alone in time: "
                + "the figures are of a server that had not recovered",
            "Look at the server's log, and whether it drops requests that nobody waits for any more"),
        { Seconds: > Noteworthy and var waited } => new Finding(
            Id,
            Severity.Note,
            $"the server needed {NumberText.Significant(waited)} s to work off the load before",
            "Bound its queue, or have it drop requests that nobody waits for any more"),
        _ => null,
    };
}
