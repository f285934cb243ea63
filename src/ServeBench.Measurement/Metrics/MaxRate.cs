using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>The headline of capacity: the largest open-loop rate that meets the objectives, found by search.</summary>
public sealed class MaxRate : ITrialMetric
{
    public const string MetricId = "max-rate";

    public string Id => MetricId;

    public string Title => "Max rate";

    public Better Better => Better.Higher;

    public MetricUnit Unit => MetricUnit.PerSecond;

    public string Formula =>
        "the largest open-loop rate tried in the trial's search that met the latency and error objectives and was held, "
            + "in a probe without fault of the client; geometric bisection between it and the smallest rate that failed";

    public string Source => "method.md, definition of max rate under objective";

    public string Heading(string items) => "Max rate (requests/s)";

    public bool AppliesTo(LoadRecord load) => load.Search is not null;

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(trial.Record.Load.Search?.MetPerSecond, "no rate that was tried met the objectives");
}
