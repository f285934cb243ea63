namespace ServeBench.Measurement.Metrics;

/// <summary>What the other containers of the same engine did meanwhile.</summary>
public sealed class OtherContainers : ITrialMetric
{
    public const string MetricId = "other-containers";

    public string Id => MetricId;

    public string Title => "Other containers";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Seconds;

    public string Formula =>
        "CPU-seconds of the control groups beside the server's own that are containers, over the measured window, on whatever cores";

    public string Source => "method.md, rule 9: one stack is alive at a time";

    public Measured Measure(TrialFacts trial) =>
        Measured.OfOptional(trial.Record.Server.OtherContainersCpuSeconds, "the server did not run in a container");
}
