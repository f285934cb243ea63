using System.Diagnostics;

namespace ServeBench.Platform;

/// <summary>Monotonic nanoseconds from an arbitrary origin, by the system's clock or, in tests, by one that the test moves.</summary>
internal sealed class MonotonicClock
{
    private static readonly bool TicksAreNanoseconds = Stopwatch.Frequency == 1_000_000_000;

    /// <summary>Null for the system's clock, so that the hot path asks it without a detour.</summary>
    private readonly TimeProvider? _time;

    public MonotonicClock(TimeProvider time) => _time = time == TimeProvider.System ? null : time;

    /// <summary>The system's clock, which times everything that happens on real sockets.</summary>
    public static MonotonicClock System { get; } = new(TimeProvider.System);

    public long Now
    {
        get
        {
            if (_time is not null) return (long)((Int128)_time.GetTimestamp() * 1_000_000_000 / _time.TimestampFrequency);
            var ticks = Stopwatch.GetTimestamp();
            return TicksAreNanoseconds ? ticks : (long)((Int128)ticks * 1_000_000_000 / Stopwatch.Frequency);
        }
    }

    public static long Nanoseconds(TimeSpan duration) => duration.Ticks * TimeSpan.NanosecondsPerTick;

    public static TimeSpan Duration(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    public static double Seconds(long nanoseconds) => nanoseconds / 1e9;
}
