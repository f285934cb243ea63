using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>The rate at which requests were in fact intended: of a Poisson process it may differ from the rate that is named.</summary>
public sealed class RealisedRate : ITrialMetric
{
    public const string MetricId = "realised-rate";

    public string Id => MetricId;

    public string Title => "Realised rate";

    public Better Better => Better.Neither;

    public MetricUnit Unit => MetricUnit.PerSecond;

    public string Formula => "requests whose intended send lies in the window / length of the measured window";

    public string Source => "method.md, rule 8; Poisson counts are conditioned, so that it is the rate asked to the nearest request";

    public bool AppliesTo(LoadRecord load) => load.Shape.IsOpen;

    public Measured Measure(TrialFacts trial) => Measured.Of(trial.AttemptsPerSecond);
}
