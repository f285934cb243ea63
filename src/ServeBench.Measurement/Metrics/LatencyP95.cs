namespace ServeBench.Measurement.Metrics;

/// <summary>p95 of end-to-end latency.</summary>
public sealed class LatencyP95() : EndToEndLatency(0.95)
{
    /// <summary>The id, where code must name it.</summary>
    public const string MetricId = "latency-p95";
}
