namespace ServeBench.Domain.Trials;

/// <summary>What the driver itself can do on this machine, measured against a null server that answers at once (method.md, rule 3).</summary>
public sealed record CalibrationRecord
{
    public const string CurrentSchema = "servebench-calibration/1";

    public string Schema { get; init; } = CurrentSchema;

    public required string Fingerprint { get; init; }
    public required string Driver { get; init; }
    public required string MeasuredByRun { get; init; }
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>Bytes of the request body and of the response body that it was measured with.</summary>
    public required int RequestBytes { get; init; }

    public required int ResponseBytes { get; init; }

    /// <summary>The highest closed-loop rate over the concurrency levels tried.</summary>
    public required double MaximumRequestsPerSecond { get; init; }

    public required IReadOnlyList<CalibrationPoint> Points { get; init; }

    /// <summary>The open-loop lateness check.</summary>
    public LatenessPoint? Lateness { get; init; }

    public required IReadOnlyList<int> ClientCpus { get; init; }
    public required IReadOnlyList<int> ServerCpus { get; init; }
}

/// <param name="Concurrency">Requests in flight.</param>
/// <param name="RequestsPerSecond">Successful requests per second.</param>
/// <param name="CpuSecondsPerRequest">CPU time of the driver's threads per request.</param>
public sealed record CalibrationPoint(int Concurrency, double RequestsPerSecond, double? CpuSecondsPerRequest);

/// <param name="RatePerSecond">The constant rate asked.</param>
/// <param name="P50Seconds">Median of actual minus intended send.</param>
/// <param name="P99Seconds">99th percentile of the same.</param>
/// <param name="MaximumSeconds">The worst.</param>
public sealed record LatenessPoint(double RatePerSecond, double P50Seconds, double P99Seconds, double MaximumSeconds);
