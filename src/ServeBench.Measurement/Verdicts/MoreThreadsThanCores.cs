using ServeBench.Domain.Trials;
using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>More threads computed than the server had cores: they wait for each other.</summary>
public sealed class MoreThreadsThanCores : IVerdictRule
{
    public string Id => "more-threads-than-cores";

    public Finding? Check(TrialFacts trial)
    {
        var cores = trial.Record.Server.Cpus.Count;
        if (cores == 0 || trial.Record.Processes is not { } processes) return null;
        var busy = processes.Sum(p => p.BusyThreads ?? 0);
        return busy <= cores
            ? null
            : new Finding(
                Id,
                Severity.Note,
                $"{busy} of the server's threads computed for {NumberText.Percent(ServerProcessRecord.BusyShare, 2)} of the window "
                    + $"or more, and it had {Plural.Of(cores, "core")}",
                "Set its number of threads to that of its cores (OMP_NUM_THREADS, or its own option)");
    }
}
