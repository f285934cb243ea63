namespace ServeBench.Domain.Trials;

/// <param name="Settled">True when six consecutive windows showed no trend in rate and in p95, or in the median where their
/// samples support no p95 (decision 0032).</param>
/// <param name="Seconds">How long warm-up took.</param>
/// <param name="Windows">Every window, in order.</param>
/// <param name="FixedLength">True when the warm-up had a fixed length, because its driver cannot end it once the server has
/// settled; absent otherwise.</param>
public sealed record WarmUpRecord(bool Settled, double Seconds, IReadOnlyList<WarmUpWindow> Windows, bool? FixedLength = null);

/// <param name="Seconds">Length of the window.</param>
/// <param name="RequestsPerSecond">Successful requests finished in it, per second.</param>
/// <param name="P50Seconds">Median end-to-end latency in it; null when no request succeeded.</param>
/// <param name="P95Seconds">95th percentile of end-to-end latency in it; null below the 130 samples that it needs.</param>
public sealed record WarmUpWindow(double Seconds, double RequestsPerSecond, double? P50Seconds, double? P95Seconds);
