namespace ServeBench.Measurement.Metrics;

/// <summary>p90 of how late the client was in sending; published where there are too few samples for a higher percentile.</summary>
public sealed class LagP90() : ClientLag(0.9);
