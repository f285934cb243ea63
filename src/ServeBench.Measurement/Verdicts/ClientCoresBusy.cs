using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>The client's own cores were busier than 80 % (method.md, rule 3).</summary>
public sealed class ClientCoresBusy : IVerdictRule
{
    public const double Limit = 0.8;

    public string Id => "client-cores-busy";

    public Finding? Check(TrialFacts trial)
    {
        if (trial.Record.Client.CoresBusy is not { } busy)
        {
            return new Finding(
                Id,
                Severity.Note,
                "how busy the client's cores were is not known, so it is unknown whether the client was the bottleneck",
                "Run where the operating system reports the use of each core");
        }
        // Then it was the server that crowded the client out, and that is reported.
        if (busy <= Limit || ServerLeftItsCores.On(trial.Record).Count > 0) return null;
        // The driver's own part: the rest is somebody else's, and what the kernel does for the driver's connections.
        if (trial.Record is { WindowSeconds: > 0 and var seconds, Client: { Cpus.Count: > 0 and var cores, CpuSeconds: { } own } }
            && own / (seconds * cores) < busy / 2)
        {
            return new Finding(Id, Severity.Invalid,
                "the client had too little of its cores: "
                    + $"they were {NumberText.Percent(busy)} busy, the limit is {NumberText.Limit(Limit)}, "
                    + $"and the driver itself used {NumberText.Percent(own / (seconds * cores))}",
                "Stop what else runs on those cores");
        }
        return new Finding(Id, Severity.Invalid,
            $"the client was the bottleneck: its cores were {NumberText.Percent(busy)} busy, the limit is {NumberText.Limit(Limit)}",
            "Stop what else runs on those cores, give the client more of them, or lower the load");
    }
}
