using ServeBench.Domain.Samples;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>
/// The server answered that requests were wrong (method.md, rule 15b). They are this program's or the workload's, so that the fault is on
/// this side, and what was measured is not what is asked.
/// </summary>
public sealed class WrongRequests : IVerdictRule
{
    public string Id => "wrong-requests";

    public Finding? Check(TrialFacts trial)
    {
        var samples = trial.Samples;
        Outcome[] faults = [Outcome.ClientError, Outcome.ClientFault];
        var count = faults.Sum(samples.Of);
        if (count == 0) return null;
        var kinds = faults.Where(o => samples.Of(o) > 0).Select(o => $"{samples.Of(o):#,0} {o.Id()}");
        return new Finding(
            Id,
            Severity.Invalid,
            $"the server answered to {count:#,0} of {samples.Count:#,0} requests that they were wrong "
                + $"({string.Join(", ", kinds)}), none may be",
            "Ask the server one of them by hand: is the protocol's file right for it, and the payload within its limits? "
                + "Where the server says so for want of capacity or by a fault of its own, give its stack.yaml a rule under outcomes:");
    }
}
