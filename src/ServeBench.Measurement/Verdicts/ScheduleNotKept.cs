using ServeBench.Domain.Wording;
using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>An open loop whose client did not make the arrivals that were due, so another rate was measured than the one named.</summary>
public sealed class ScheduleNotKept : IVerdictRule
{
    /// <summary>A Poisson count strays further from its mean once in about two million windows.</summary>
    private const double StandardDeviations = 5;

    public string Id => "schedule-not-kept";

    public Finding? Check(TrialFacts trial)
    {
        var shape = trial.Record.Load.Shape;
        if (shape.Due(trial.Record.WindowSeconds) is not { } due) return null;
        var allowed = Math.Max(2, StandardDeviations * shape.DeviationOfDue(due));
        return Math.Abs(trial.Samples.Count - due) <= allowed ? null : new Finding(Id, Severity.Invalid,
            $"the client made {Plural.Of(trial.Samples.Count, "arrival")} where about {Math.Round(due):#,0} were due",
            "Give the client more cores, or lower the rate");
    }
}
