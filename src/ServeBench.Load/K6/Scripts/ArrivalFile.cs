using ServeBench.Domain.Plans;
using ServeBench.Load.Schedules;

namespace ServeBench.Load.K6.Scripts;

/// <summary>
/// The arrivals of a Poisson case: those before the window, those of the window, which begin anew from the seed and are the native driver's,
/// exactly as many as rate and length ask, and those that keep the load up until the last of the window is answered.
/// </summary>
public static class ArrivalFile
{
    /// <summary>Keeps the arrivals outside the window apart from the window's.</summary>
    private const long MarginSeed = 0x52756e496e;

    /// <returns>Nanoseconds from the start of the schedule, rising.</returns>
    public static long[] Arrivals(OpenLoop open, long seed, double marginSeconds, TimeSpan length)
    {
        var (margin, measure) = ((long)(marginSeconds * 1e9), length.Ticks * TimeSpan.NanosecondsPerTick);
        return
        [
            .. Take(ArrivalSchedule.Create(open, seed ^ MarginSeed), margin),
            .. Take(ArrivalSchedule.OfWindow(open, length, seed), measure).Select(t => margin + t),
            .. Take(ArrivalSchedule.Create(open, seed ^ ~MarginSeed), margin).Select(t => margin + measure + t),
        ];
    }

    /// <summary>Writes a JSON array of milliseconds, to the nanosecond.</summary>
    public static void Write(string path, IReadOnlyList<long> arrivals) =>
        File.WriteAllText(path, "[\n" + string.Join(",\n", arrivals.Select(t => (t / 1e6m).ToString("0.000000"))) + "\n]\n");

    private static IEnumerable<long> Take(ArrivalSchedule schedule, long until)
    {
        for (var at = schedule.Next(); at < until; at = schedule.Next()) yield return at;
    }
}
