using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>The kernel killed a process of the server for lack of memory; what was left of it is not what was to be measured.</summary>
public sealed class KilledForMemory : IVerdictRule
{
    public string Id => "killed-for-memory";

    public Finding? Check(TrialFacts trial) =>
        trial.Record.Server.OomKills is > 0 and var kills
            ? new Finding(
                Id,
                Severity.Saturated,
                $"the kernel killed {Plural.Of(kills, "process")} of the server for lack of memory",
                "Raise memory in its stack.yaml, or run fewer workers")
            : null;
}
