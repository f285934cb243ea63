using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>The hypervisor gave a noticeable share of the server's or of the client's cores' time to others: the machine was slower than it looks.</summary>
public sealed class CpuTakenAway : IVerdictRule
{
    /// <summary>As large as the smallest difference that counts (decision 0102).</summary>
    public const double Limit = 0.05;

    public string Id => "cpu-taken-away";

    public Finding? Check(TrialFacts trial)
    {
        string[] taken = [.. Over(new Steal().Measure(trial).Value, "the server's cores"), .. Over(trial.Record.Client.Steal, trial.Record.Client.Cpus.Count > 0 ? "the client's cores" : "all cores")];
        return taken.Length == 0
            ? null
            : new Finding(Id, Severity.Note, $"the hypervisor took away {string.Join(" and ", taken)}",
                "Repeat on a machine that is not shared; trials are interleaved, so all contenders suffered alike");
    }

    private static IEnumerable<string> Over(double? share, string whose) =>
        share > Limit ? [$"{NumberText.Percent(share.Value)} of the time of {whose}"] : [];
}
