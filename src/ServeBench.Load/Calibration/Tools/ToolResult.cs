namespace ServeBench.Load.Calibration.Tools;

/// <summary>What one load tool reached and reported against a null server whose truth is known.</summary>
/// <param name="Tool">With its version: <c>wrk 4.1.0</c>.</param>
/// <param name="RequestsPerSecond">Reached with answers at once.</param>
/// <param name="CpuSecondsPerRequest">What the tool itself used for each; null when that could not be obtained.</param>
/// <param name="Requests">Requests whose latency was planted and reported.</param>
/// <param name="Points">Percentiles of service latency, reported against planted.</param>
/// <param name="LatenessP99Seconds">How late its open loop started requests at <paramref name="LatenessRate"/>; null for tools
/// that have none.</param>
/// <param name="LatenessRate">Requests per second.</param>
public sealed record ToolResult(
    string Tool,
    double RequestsPerSecond,
    double? CpuSecondsPerRequest,
    long Requests,
    IReadOnlyList<ToolPoint> Points,
    double? LatenessP99Seconds = null,
    double? LatenessRate = null);

/// <param name="Percentile">For example 95.</param>
/// <param name="PlantedSeconds">That percentile of what the server planted.</param>
/// <param name="ReportedSeconds">That percentile as the tool reported it; null when it does not.</param>
public sealed record ToolPoint(double Percentile, double PlantedSeconds, double? ReportedSeconds);
