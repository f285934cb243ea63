using ServeBench.Measurement.Metrics;

namespace ServeBench.Measurement.Verdicts;

/// <summary>
/// The server was sent as much as it may be sent (decision 0177): what was measured is that bound, and not what the server can do.
/// </summary>
public sealed class RateBoundReached : IVerdictRule
{
    /// <summary>A closed loop that comes so near to the bound was held back by it.</summary>
    public const double Share = 0.95;

    public string Id => "rate-bound-reached";

    public Finding? Check(TrialFacts trial)
    {
        if (trial.Record.Load is not { MostPerSecond: { } most } load) return null;
        var advice = "Raise the bound with --endpoint-rate, where the server may be loaded so much";
        if (load.IsCut == true)
            return new Finding(
                Id,
                Severity.Invalid,
                $"its load was cut at the {NumberText.Significant(most)} requests/s that it may be sent at most", advice);
        return load.Shape.IsOpen || trial.AttemptsPerSecond < Share * most ? null : new Finding(
            Id,
            Severity.Invalid,
            $"{NumberText.Significant(trial.AttemptsPerSecond)} requests/s are as many as the {NumberText.Significant(most)} requests/s "
                + "that it may be sent at most: requests waited for their turn",
            advice);
    }
}
