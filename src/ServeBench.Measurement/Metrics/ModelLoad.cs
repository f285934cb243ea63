using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>The part of a cold start in which the server loads the model.</summary>
public sealed class ModelLoad : IDeploymentMetric
{
    public const string MetricId = "model-load";

    public string Id => MetricId;

    public string Title => "Model load";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Seconds;

    public string Formula => "by the server's own timer, the gauge that its stack.yaml names";

    public string Source => "the third part of a cold start; method.md, definition of cold start";

    public Measured Measure(DeploymentRecord deployment) =>
        Measured.OfOptional(deployment.ColdStart?.ModelSeconds, deployment.NoStart ?? "the server has no timer of it");
}
