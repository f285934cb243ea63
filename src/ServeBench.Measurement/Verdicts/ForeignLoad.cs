using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>Something else ran on the server's cores while it was measured.</summary>
public sealed class ForeignLoad : IVerdictRule
{
    /// <summary>Above what a kernel's own work for a busy server's connections takes.</summary>
    public const double Limit = 0.15;

    public string Id => "foreign-load";

    public Finding? Check(TrialFacts trial)
    {
        if (new ForeignCpu().Measure(trial).Value is not { } share || share <= Limit) return null;
        // Other containers may have run on other cores as well, so their time is named and not subtracted.
        var others = trial.Record.Server.OtherContainersCpuSeconds is > 0.05 and var seconds
            ? $"; other containers used {NumberText.Significant(seconds)} CPU-seconds"
            : "";
        return new Finding(
            Id,
            Severity.Note,
            $"the server's cores were busy with something else for {NumberText.Percent(share)} of the window, "
                + $"the limit is {NumberText.Limit(Limit)}{others}",
            "Stop what else runs on this machine, and measure again");
    }
}
