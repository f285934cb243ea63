namespace ServeBench.Measurement.Metrics;

/// <summary>p50 of how late the client was in sending; published where there are too few samples for a higher percentile.</summary>
public sealed class LagP50() : ClientLag(0.5);
