namespace ServeBench.Measurement.Metrics;

/// <summary>p99 of end-to-end latency.</summary>
public sealed class LatencyP99() : EndToEndLatency(0.99);
