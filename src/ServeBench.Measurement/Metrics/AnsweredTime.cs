using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Metrics;

/// <summary>Launch until the server's first answer, which may be wrong: some answer before their model is loaded.</summary>
public sealed class AnsweredTime : IDeploymentMetric
{
    public const string MetricId = "time-to-answer";

    public string Id => MetricId;

    public string Title => "Answered after";

    public Better Better => Better.Lower;

    public MetricUnit Unit => MetricUnit.Seconds;

    public string Formula => "time from the launch of the server to its first answer that could be compared, right or wrong";

    public string Source => "method.md, definition of cold start, which is the time to the first correct answer";

    public Measured Measure(DeploymentRecord deployment) => Measured.OfOptional(
        deployment.ColdStart?.AnsweredSeconds, deployment.NoStart ?? "the time of its first answer was not kept");
}
