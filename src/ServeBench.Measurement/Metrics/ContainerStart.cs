using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>The part of a cold start in which the host makes room for the server.</summary>
public sealed class ContainerStart : IDeploymentMetric
{
    public const string MetricId = "container-start";

    public string Id => MetricId;

    public string Title => "Container start";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Seconds;

    public string Formula => "time from the launch to the start of the server's first process, by the host's own record";

    public string Source => "the first part of a cold start; method.md, definition of cold start";

    public Measured Measure(DeploymentRecord deployment) =>
        Measured.OfOptional(
            deployment.ColdStart?.ContainerSeconds, deployment.NoStart ?? "the host does not report when the process began");
}
