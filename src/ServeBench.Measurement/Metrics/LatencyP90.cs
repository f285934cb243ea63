namespace ServeBench.Measurement.Metrics;

/// <summary>p90 of end-to-end latency.</summary>
public sealed class LatencyP90() : EndToEndLatency(0.9)
{
    /// <summary>The id, where code must name it.</summary>
    public const string MetricId = "latency-p90";
}
