namespace ServeBench.Measurement.Metrics;

/// <summary>p95 of how late the client was in sending; where there are too few samples for p99, this one is published.</summary>
public sealed class LagP95() : ClientLag(0.95);
