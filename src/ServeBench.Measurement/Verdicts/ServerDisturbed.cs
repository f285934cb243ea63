using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>Something went wrong outside any one request, such as the server's death.</summary>
public sealed class ServerDisturbed : IVerdictRule
{
    public string Id => "server-disturbed";

    public Finding? Check(TrialFacts trial) =>
        trial.Record.Disturbance is { } disturbance
            ? new Finding(Id, Severity.Invalid, disturbance.TrimEnd('.'), "Look at the deployment's log beside its record")
            : null;
}
