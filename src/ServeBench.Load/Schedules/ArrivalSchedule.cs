namespace ServeBench.Load.Schedules;

/// <summary>When the requests of an open loop are to be sent: an endless, rising series of nanoseconds from its start.</summary>
internal abstract class ArrivalSchedule
{
    /// <summary>The time of an arrival that does not come.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The next arrival, nanoseconds after the schedule's start; <see cref="Never"/> when there are no more.</summary>
    public abstract long Next();

    /// <returns>The mean distance of arrivals, nanoseconds.</returns>
    protected static double Gap(double rate) =>
        rate > 0 && double.IsFinite(rate)
            ? 1e9 / rate
            : throw new ArgumentOutOfRangeException(nameof(rate), rate, "arrivals need a rate above 0");
}
