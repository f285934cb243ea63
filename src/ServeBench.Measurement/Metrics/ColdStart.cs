using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>Launch to first correct answer.</summary>
public sealed class ColdStart : IDeploymentMetric
{
    public const string MetricId = "cold-start";

    public string Id => MetricId;

    public string Title => "Cold start";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Seconds;

    public string Formula => "time from the launch of the server to its first correct answer";

    public string Source => "method.md, definition of cold start";

    public Measured Measure(DeploymentRecord deployment) =>
        Measured.OfOptional(deployment.ColdStartSeconds, deployment.NoStart ?? "the server never gave a correct answer");
}
