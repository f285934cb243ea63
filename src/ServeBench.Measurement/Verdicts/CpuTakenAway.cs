using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>
/// The hypervisor gave a noticeable share of the server's or of the client's cores' time to others: the machine was slower than
/// it looks.
/// </summary>
public sealed class CpuTakenAway : IVerdictRule
{
    /// <summary>As large as the smallest difference that counts (decision 0102).</summary>
    public const double Limit = 0.05;

    /// <summary>Above this a trial says more of the neighbours than of the server: it counts for nothing.</summary>
    public const double SpoilsFrom = 0.10;

    public string Id => "cpu-taken-away";

    public Finding? Check(TrialFacts trial)
    {
        string[] taken = [
            .. Over(new Steal().Measure(trial).Value, "the server's cores"),
            .. Over(trial.Record.Client.Steal, trial.Record.Client.Cpus.Count > 0 ? "the client's cores" : "all cores")];
        var worst = Math.Max(new Steal().Measure(trial).Value ?? 0, trial.Record.Client.Steal ?? 0);
        return taken.Length == 0
            ? null
            : new Finding(
                Id,
                worst > SpoilsFrom ? Severity.Invalid : Severity.Note,
                $"the hypervisor took away {string.Join(" and ", taken)}",
                "Repeat on a machine that is not shared");
    }

    private static IEnumerable<string> Over(double? share, string whose) =>
        share > Limit ? [$"{NumberText.Percent(share.Value)} of the time of {whose}"] : [];
}
