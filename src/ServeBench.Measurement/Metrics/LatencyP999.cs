namespace ServeBench.Measurement.Metrics;

/// <summary>p99.9 of end-to-end latency.</summary>
public sealed class LatencyP999() : EndToEndLatency(0.999);
