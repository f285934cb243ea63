using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>The part of a cold start in which the first correct answer comes.</summary>
public sealed class FirstAnswer : IDeploymentMetric
{
    public const string MetricId = "first-answer";

    public string Id => MetricId;

    public string Title => "First answer";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Seconds;

    public string Formula => "time from the request whose answer was the first correct one to that answer";

    public string Source => "the last part of a cold start; method.md, definition of cold start";

    public Measured Measure(DeploymentRecord deployment) =>
        Measured.OfOptional(deployment.ColdStart?.AnswerSeconds, deployment.NoStart ?? "the server never gave a correct answer");
}
