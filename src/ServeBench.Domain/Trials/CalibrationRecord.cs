using System.Globalization;

namespace ServeBench.Domain.Trials;

/// <summary>
/// What the driver itself can do on this machine, measured against a null server that answers at once (method.md, rule 3).
/// </summary>
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

    /// <summary>How late the machine wakes a sleeping thread; null where that cannot be measured, and in older records.</summary>
    public WakeUpPoint? WakeUp { get; init; }

    /// <summary>The check of reported latencies against planted ones.</summary>
    public TruthCheck? Truth { get; init; }

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

/// <param name="P50Seconds">Median of the time between when a thread was to wake up and when it ran.</param>
/// <param name="P95Seconds">95th percentile of the same.</param>
public sealed record WakeUpPoint(double P50Seconds, double P95Seconds);

/// <summary>
/// Percentiles that the driver reported beside those of the latencies that the null server was asked to plant, over the very
/// same requests.
/// </summary>
/// <param name="Planted">The distribution, for people: <c>lognormal, p50 5 ms, p99 50 ms</c>.</param>
/// <param name="RatePerSecond">Poisson arrivals per second.</param>
/// <param name="Requests">Requests compared; all of them succeeded.</param>
/// <param name="Points">In rising order of percentile; only those with support (method.md, rule 14).</param>
public sealed record TruthCheck(string Planted, double RatePerSecond, int Requests, IReadOnlyList<TruthPoint> Points)
{
    /// <summary>An error that is smaller than either is none: 2 % of what was planted, and 0.2 ms.</summary>
    public const double ToleratedShare = 0.02;

    public const double ToleratedSeconds = 0.0002;

    /// <summary>What an error must exceed to be one, for people.</summary>
    public static string Tolerated { get; } =
        string.Create(CultureInfo.InvariantCulture, $"{100 * ToleratedShare:0.###} % and {1e3 * ToleratedSeconds:0.###} ms");

    /// <summary>True when every percentile was reported as planted.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Holds =>
        Points.All(p => Math.Abs(p.ReportedSeconds - p.PlantedSeconds) <= Math.Max(ToleratedSeconds, ToleratedShare * p.PlantedSeconds));
}

/// <param name="Percentile">For example 99.</param>
/// <param name="PlantedSeconds">That percentile of what was planted.</param>
/// <param name="ReportedSeconds">That percentile of end-to-end latency as the driver measured it.</param>
public sealed record TruthPoint(double Percentile, double PlantedSeconds, double ReportedSeconds);
