using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>Threads of the server had left its cores before the window, and were put back for it.</summary>
public sealed class ServerPutBack : IVerdictRule
{
    public string Id => "server-put-back";

    public Finding? Check(TrialFacts trial) => trial.Record.Server.Keeping is { PutBackBefore: > 0 and var threads, PutBackWithin: 0 }
        ? new Finding(
            Id,
            Severity.Note,
            threads == 1
                ? "a thread of the server had given itself other cores than its own, and was put back before the window"
                : $"{threads} threads of the server had given themselves other cores than its own, and were put back before the window",
            "Set the number of its threads, so that its runtime does not give each a core of its own")
        : null;
}
