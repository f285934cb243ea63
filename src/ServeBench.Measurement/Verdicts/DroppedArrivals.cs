using ServeBench.Domain.Samples;
using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>The driver could not start a request on schedule (method.md, rule 2).</summary>
public sealed class DroppedArrivals : IVerdictRule
{
    public string Id => "dropped-arrivals";

    public Finding? Check(TrialFacts trial)
    {
        var dropped = trial.Samples.Of(Outcome.Dropped);
        if (dropped == 0) return null;
        // A server that falls behind takes every connection there is, and that is how it loses; one that keeps up and still needs
        // more connections than the client has was not given the load that is named.
        var held = trial.Samples.HeldPerSecond ?? 0;
        var behind = trial.Record.Load is { RatePerSecond: { } rate, Ramp: null } && held < RateNotHeld.LeastShare * rate;
        return new Finding(Id, behind ? Severity.Saturated : Severity.Invalid,
            $"{dropped:#,0} of {Plural.Of(trial.Samples.Count, "arrival")} {Plural.Verb(dropped, "was", "were")} dropped by the client, "
            + "none may be"
            + (behind ? $": the server fell behind and held every connection; it kept up {NumberText.Significant(held)} requests/s" : ""),
            "Lower the rate: the server holds more requests open than the client may have in flight");
    }
}
