namespace ServeBench.Measurement.Metrics;

/// <summary>p99 of how late the client was in sending.</summary>
public sealed class LagP99() : ClientLag(0.99);
