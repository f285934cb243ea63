using ServeBench.Domain.Samples;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>The driver could not start a request on schedule (method.md, rule 2).</summary>
public sealed class DroppedArrivals : IVerdictRule
{
    public string Id => "dropped-arrivals";

    public Finding? Check(TrialFacts trial)
    {
        var dropped = trial.Samples.Of(Outcome.Dropped);
        return dropped == 0 ? null : new Finding(Id, Severity.Invalid,
            $"{dropped:#,0} of {trial.Samples.Count:#,0} arrivals were dropped by the client, none may be",
            "Lower the rate: the server holds more requests open than the client may have in flight");
    }
}
