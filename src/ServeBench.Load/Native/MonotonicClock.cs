using System.Diagnostics;

namespace ServeBench.Load.Native;

/// <summary>The one clock of the driver: monotonic nanoseconds from an arbitrary origin.</summary>
internal static class MonotonicClock
{
    private static readonly bool TicksAreNanoseconds = Stopwatch.Frequency == 1_000_000_000;

    public static long Now
    {
        get
        {
            var ticks = Stopwatch.GetTimestamp();
            return TicksAreNanoseconds ? ticks : (long)((Int128)ticks * 1_000_000_000 / Stopwatch.Frequency);
        }
    }

    public static long Nanoseconds(TimeSpan duration) => duration.Ticks * TimeSpan.NanosecondsPerTick;

    public static TimeSpan Duration(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    public static double Seconds(long nanoseconds) => nanoseconds / 1e9;
}
