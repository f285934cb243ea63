using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>The rate came within a factor of two of what the driver itself can do (method.md, rule 3).</summary>
public sealed class ClientNearItsCeiling : IVerdictRule
{
    public const double Factor = 2;

    public string Id => "client-near-its-ceiling";

    public Finding? Check(TrialFacts trial)
    {
        if (trial.Calibration is not { } calibration)
        {
            return new Finding(Id, Severity.Note, "the driver was not calibrated, so it is unknown whether it was the bottleneck",
                "Run --target=Calibrate, then the same command again");
        }
        // A ramp is judged by its busiest part.
        var rate = trial.Record.Load.Ramp is null
            ? trial.AttemptsPerSecond
            : trial.Samples.Timeline.Select(p => p.SuccessesPerSecond).Append(trial.AttemptsPerSecond).Max();
        if (rate * Factor < calibration.MaximumRequestsPerSecond) return null;
        return new Finding(Id, Severity.Invalid,
            $"the client was the bottleneck: {NumberText.Significant(rate)} requests/s is within a factor of {Factor} of the " +
            $"{NumberText.Significant(calibration.MaximumRequestsPerSecond)} requests/s that the driver reaches against a null server",
            "Give the client more cores, or measure a heavier workload or a slower machine for the server");
    }
}
