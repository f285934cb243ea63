using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>The server went away, or refused connections: it could not do what was asked.</summary>
public sealed class ServerDisturbed : IVerdictRule
{
    public string Id => "server-disturbed";

    public Finding? Check(TrialFacts trial) =>
        trial.Record.Disturbance is { } disturbance
            ? new Finding(Id, Severity.Saturated, disturbance.TrimEnd('.'), "Look at the deployment's log beside its record")
            : null;
}
