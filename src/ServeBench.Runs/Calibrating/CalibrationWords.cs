using ServeBench.Domain.Trials;

namespace ServeBench.Runs.Calibrating;

/// <summary>Says what a calibration means for the latencies of a run.</summary>
internal static class CalibrationWords
{
    /// <summary>By how much the truth was missed, how late the driver sends and the machine wakes a thread, and what to do.</summary>
    /// <param name="record">One whose truth check does not hold.</param>
    public static string Wrong(CalibrationRecord record)
    {
        var worst = record.Truth!.Points.MaxBy(p => Math.Abs(p.ReportedSeconds - p.PlantedSeconds) / Math.Max(
            TruthCheck.ToleratedSeconds, TruthCheck.ToleratedShare * p.PlantedSeconds))!;
        var off = worst.ReportedSeconds - worst.PlantedSeconds;
        var late = record.Lateness is { } lag
            ? $" It sent requests {Milliseconds(lag.P50Seconds)} late in the median and {Milliseconds(lag.P99Seconds)} at p99."
            : "";
        var wakes = record.WakeUp is { } wake
            ? $" This machine wakes a sleeping thread {Milliseconds(wake.P50Seconds)} late in the median and "
                + $"{Milliseconds(wake.P95Seconds)} at p95, any program's; what is beyond that is the driver's, or other work's."
            : "";
        return $"The load driver reported planted latencies {Milliseconds(Math.Abs(off))} too {(off > 0 ? "long" : "short")} at "
            + $"p{worst.Percentile} ({Milliseconds(worst.PlantedSeconds)} planted), more than {TruthCheck.Tolerated}.{late}{wakes} "
            + "Latencies of this run are as uncertain; the report shows the errors. Close what is running and run again.";
    }

    private static string Milliseconds(double seconds) => $"{seconds * 1e3:0.00} ms";
}
