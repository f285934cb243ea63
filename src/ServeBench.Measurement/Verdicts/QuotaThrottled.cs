using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>The server's CPU quota stopped it: it has more threads at work than it has cores.</summary>
public sealed class QuotaThrottled : IVerdictRule
{
    /// <summary>As large as the smallest difference that counts (decision 0102).</summary>
    public const double Limit = 0.05;

    /// <summary>Fewer show nothing: the kernel hands a quota out in slices and may stop a busy server once in a short window.</summary>
    public const int LeastPeriods = 3;

    public string Id => "quota-throttled";

    public Finding? Check(TrialFacts trial)
    {
        if (new Throttled().Measure(trial).Value is not { } share || share <= Limit || trial.Record.Server.ThrottledPeriods < LeastPeriods) return null;
        return new Finding(Id, Severity.Note, $"the CPU quota stopped the server in {NumberText.Percent(share)} of its periods", "Give it as many threads as it has cores");
    }
}
