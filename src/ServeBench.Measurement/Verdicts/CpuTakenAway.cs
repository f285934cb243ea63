using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>The hypervisor gave a noticeable share of the cores' time to others: the machine was slower than it looks.</summary>
public sealed class CpuTakenAway : IVerdictRule
{
    /// <summary>As large as the smallest difference that counts (decision 0102).</summary>
    public const double Limit = 0.05;

    public string Id => "cpu-taken-away";

    public Finding? Check(TrialFacts trial) =>
        trial.Record.Client.Steal is { } steal && steal > Limit
            ? new Finding(Id, Severity.Note, $"the hypervisor took away {NumberText.Percent(steal)} of the cores' time",
                "Repeat on a machine that is not shared; trials are interleaved, so all contenders suffered alike")
            : null;
}
