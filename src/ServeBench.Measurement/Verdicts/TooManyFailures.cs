using ServeBench.Domain.Samples;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>More requests failed than the workload allows (method.md, rule 15).</summary>
public sealed class TooManyFailures : IVerdictRule
{
    public string Id => "too-many-failures";

    public Finding? Check(TrialFacts trial)
    {
        var samples = trial.Samples;
        var limit = trial.Record.Load.ObjectiveErrorRate;
        if (samples.Count == 0 || samples.Failures <= limit * samples.Count) return null;
        var kinds = Outcomes.All.Where(o => o != Outcome.Success && samples.Of(o) > 0).Select(o => $"{samples.Of(o):#,0} {o.Id()}");
        return new Finding(Id, Severity.Saturated,
            $"{NumberText.Percent((double)samples.Failures / samples.Count)} of requests failed ({string.Join(", ", kinds)}), " +
            $"the workload allows {NumberText.Limit(limit)}",
            "Lower the load until the server holds it, or look at its log");
    }
}
