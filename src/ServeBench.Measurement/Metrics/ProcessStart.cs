using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>The part of a cold start in which the server itself comes up.</summary>
public sealed class ProcessStart : IDeploymentMetric
{
    public const string MetricId = "process-start";

    public string Id => MetricId;

    public string Title => "Process start";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Seconds;

    public string Formula =>
        "cold start - container start - model load - first answer; with the model load, where the server has no timer of that";

    public string Source => "the second part of a cold start; method.md, definition of cold start";

    public Measured Measure(DeploymentRecord deployment) =>
        Measured.OfOptional(deployment.ColdStart?.ProcessSeconds, deployment.NoStart ?? "the host does not report when the process began");
}
