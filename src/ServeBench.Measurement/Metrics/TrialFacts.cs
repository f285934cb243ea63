using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;

namespace ServeBench.Measurement.Metrics;

/// <summary>All that is known about one trial of one case while it is measured and judged.</summary>
/// <param name="Record">What the run wrote down.</param>
/// <param name="Samples">Its samples, digested; usable only until the next trial is digested.</param>
/// <param name="Calibration">What the driver can do, or null when it was not calibrated.</param>
/// <param name="CeilingItemsPerSecond">Median throughput of the raw runtime on the same inputs, or null when it was not measured.</param>
public sealed record TrialFacts(TrialRecord Record, SampleDigest Samples, CalibrationRecord? Calibration, double? CeilingItemsPerSecond)
{
    /// <summary>
    /// What the raw runtime reached before the run with as many items in a batch as this closed loop keeps in flight, items per second;
    /// null where that batch size was not tried.
    /// </summary>
    public double? CeilingAtItemsInFlight { get; init; }

    /// <summary>Requests, good or bad, per second of the measured window.</summary>
    public double AttemptsPerSecond => Samples.Count / Record.WindowSeconds;

    /// <summary>Something per second of the measured window.</summary>
    public double PerSecond(double amount) => amount / Record.WindowSeconds;
}

/// <summary>One level of a closed loop in one trial.</summary>
/// <param name="ItemsInFlight">Concurrency times items per request.</param>
/// <param name="ItemsPerSecond">Its item throughput; null when not measured.</param>
public sealed record SweepPoint(int ItemsInFlight, double? ItemsPerSecond)
{
    /// <summary>Requests in flight: each is a user who asks again as soon as the answer is there.</summary>
    public int Users { get; init; }

    /// <summary>Whether the objectives on streamed answers were held; null with the reason where that is not known.</summary>
    public (bool? Value, string? Unknown) Held { get; init; }
}
