using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>Warm-up ran into its time limit (method.md, rule 10). The numbers are valid; they may drift.</summary>
public sealed class WarmUpNotSettled : IVerdictRule
{
    public string Id => "warm-up-not-settled";

    public Finding? Check(TrialFacts trial)
    {
        var warmUp = trial.Record.WarmUp;
        if (!warmUp.Settled && warmUp.FixedLength == true)
        {
            return new Finding(Id, Severity.Note,
                "the server had not settled when its warm-up of fixed length was over: "
                    + $"the last windows of {warmUp.Windows.Count} still showed a trend after {NumberText.Significant(warmUp.Seconds)} s",
                "Use a profile with a longer warm-up, or --driver=native, which warms up until no trend is left");
        }
        return warmUp.Settled ? null : new Finding(Id, Severity.Note,
            $"warm-up never settled: the windows, {warmUp.Windows.Count} in {NumberText.Significant(warmUp.Seconds)} s, "
                + "still showed a trend",
            "Use a profile with a longer warm-up, and look at the timeline");
    }
}
