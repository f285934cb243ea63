using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>The server's CPU quota stopped it for long enough to matter: it has more threads at work than it has cores.</summary>
/// <remarks>
/// Time decides, not how often. A quota is handed out in slices, so a server that is confined to as many cores as its quota
/// allows is stopped for about a millisecond in many periods; threads beyond that wait for tens of milliseconds in each.
/// </remarks>
public sealed class QuotaThrottled : IVerdictRule
{
    /// <summary>As large as the smallest difference that counts (decision 0102).</summary>
    public const double Limit = 0.05;

    public string Id => "quota-throttled";

    public Finding? Check(TrialFacts trial)
    {
        if (new Throttled().Measure(trial).Value is not { } share || share <= Limit) return null;
        var server = trial.Record.Server;
        return new Finding(
            Id,
            Severity.Note,
            $"the CPU quota stopped the server for {NumberText.Percent(share)} of its time, "
                + $"in {server.ThrottledPeriods} of {server.QuotaPeriods} periods",
            "Give it as many threads as it has cores");
    }
}
