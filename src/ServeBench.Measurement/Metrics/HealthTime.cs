using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>Launch until the server's health endpoints say that it is ready, which it need not be then.</summary>
public sealed class HealthTime : IDeploymentMetric
{
    public const string MetricId = "time-to-health";

    public string Id => MetricId;

    public string Title => "Healthy after";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Seconds;

    public string Formula => "time from the launch of the server until every probe of its stack.yaml held at once";

    public string Source => "readiness probes as in Kubernetes; method.md, definition of cold start";

    public Measured Measure(DeploymentRecord deployment) =>
        Measured.OfOptional(deployment.ColdStart?.HealthSeconds, deployment.NoStart ?? "its stack names no probe");
}
