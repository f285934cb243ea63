using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>A process of the server gave way to others: it ran at a lower priority than a process usually has.</summary>
public sealed class ServerAtLowPriority : IVerdictRule
{
    public string Id => "server-at-low-priority";

    public Finding? Check(TrialFacts trial)
    {
        var low = (trial.Record.Processes ?? []).Where(p => p.Nice > 0).ToArray();
        if (low.Length == 0) return null;
        var lowest = low.MaxBy(p => p.Nice)!;
        return new Finding(
            Id,
            Severity.Note,
            $"{low.Length} of the server's {trial.Record.Processes!.Count} processes ran at a lower priority than other stacks' do: "
                + $"{lowest.Name} at nice {lowest.Nice}, the usual is 0",
            "Start its processes at nice 0 (Ray: RAY_worker_niceness=0), or say in stack.yaml why it runs below the others");
    }
}
