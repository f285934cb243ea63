namespace ServeBench.Measurement.Metrics;

/// <summary>p50 of end-to-end latency.</summary>
public sealed class LatencyP50() : EndToEndLatency(0.5)
{
    /// <summary>The id, where code must name it.</summary>
    public const string MetricId = "latency-p50";
}
