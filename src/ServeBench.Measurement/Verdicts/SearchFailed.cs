using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>No rate that a search tried met the objectives: the server's fault where it failed them, else the client's.</summary>
public sealed class SearchFailed : IVerdictRule
{
    public string Id => "no-rate-met";

    public Finding? Check(TrialFacts trial)
    {
        if (trial.Record.Load.Search is not { MetPerSecond: null } search) return null;
        if (search.Probes.Where(p => p.Invalid is null).MinBy(p => p.OfferedPerSecond) is not { } lowest)
            return new Finding(
                Id,
                Severity.Invalid,
                $"no probe of the search counts: {search.Probes[^1].Invalid}",
                "Stop what else runs on the client's cores, or give it more of them");
        return new Finding(Id, Severity.Saturated,
            $"no rate met the objectives; at the lowest tried, {NumberText.Significant(lowest.OfferedPerSecond)} requests/s, {lowest.Why}",
            "Give the search more probes, or relax the workload's objectives");
    }
}
