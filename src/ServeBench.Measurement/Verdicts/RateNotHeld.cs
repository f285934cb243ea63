using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>
/// An open loop in which the server fell behind: its queue grew, so latency describes how long was measured and not the
/// server. Where latency grows by g seconds per second of arrivals, answers come 1/(1+g) times as fast as requests; g is
/// taken from the medians of the first and the last fifth of the window, which lie four fifths of it apart. Not asked of a ramp,
/// whose latency is to change with its rate.
/// </summary>
public sealed class RateNotHeld : IVerdictRule
{
    /// <summary>Least share of the rate that must have been answered.</summary>
    public const double LeastShare = 0.95;

    public string Id => "rate-not-held";

    public Finding? Check(TrialFacts trial)
    {
        if (trial.Record.Load.Shape is not { IsOpen: true, IsSteady: true } || trial.Samples.LatencyGrowthSeconds is not { } growth)
            return null;
        var share = 1 / (1 + Math.Max(0, growth / (0.8 * trial.Record.WindowSeconds)));
        return share >= LeastShare ? null : new Finding(Id, Severity.Saturated,
            $"the server answered about {NumberText.Percent(share, 2)} of the rate asked, the limit is {NumberText.Limit(LeastShare)}: " +
            $"median latency grew by {NumberText.WithUnit(MetricUnit.Milliseconds, growth)} within the window",
            "Lower the rate; what this server can sustain is its max rate under objective");
    }
}
