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
            return new Finding(Id, Severity.Note, "how busy the client's cores were is not known, so whether the client was the bottleneck cannot be told",
                "Run where the operating system tells the use of each core");
        }
        if (busy <= Limit) return null;
        return new Finding(Id, Severity.Invalid,
            $"the client was the bottleneck: its cores were {NumberText.Percent(busy)} busy, the limit is {NumberText.Limit(Limit)}",
            "Stop what else runs on those cores, give the client more of them, or lower the load");
    }
}
