using System.Globalization;
using ServeBench.Platform;

namespace ServeBench.Load.Native;

/// <summary>How the machine's cores have spent their time, from /proc/stat; Linux only.</summary>
internal sealed class ProcStat
{
    private const string File = "/proc/stat";

    /// <summary>USER_HZ: 100 on every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private readonly Dictionary<int, Core> _cores = [];
    private readonly long _time;

    private ProcStat(long time) => _time = time;

    /// <returns>Null where there is no /proc/stat.</returns>
    public static ProcStat? Read() =>
        System.IO.File.Exists(File) ? Parse(System.IO.File.ReadAllText(File), MonotonicClock.System.Now) : null;

    /// <param name="text">What /proc/stat holds.</param>
    /// <param name="time">When it was read, by <see cref="MonotonicClock"/>.</param>
    public static ProcStat Parse(string text, long time)
    {
        var stat = new ProcStat(time);
        foreach (var line in text.Split('\n'))
        {
            // cpuN user nice system idle iowait irq softirq steal ...
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 9 || !fields[0].StartsWith("cpu", StringComparison.Ordinal) || fields[0].Length == 3) continue;
            stat._cores[int.Parse(fields[0].AsSpan(3))] = new Core(Ticks(fields[4]) + Ticks(fields[5]), Ticks(fields[8]));
        }
        return stat;
    }

    /// <summary>
    /// Share of those cores' time since <paramref name="earlier"/> that was neither idle nor stolen; null when it cannot be determined.
    /// What is busy is found as what is left of the time on the clock: kernels count idle time exactly, but busy time often
    /// only by looking at every tick, which misses a thread that runs briefly between ticks, as a load driver does.
    /// </summary>
    public double? Busy(ProcStat earlier, IReadOnlyList<int> cores) =>
        Share(earlier, cores, c => c.Idle + c.Steal) is { } rest ? 1 - rest : null;

    /// <summary>
    /// Share of those cores' time since <paramref name="earlier"/> that the hypervisor took, of all cores' when none are named.
    /// Not of more cores than matter: on a machine of 64 what one of them loses is nothing on average.
    /// </summary>
    public double? Steal(ProcStat earlier, IReadOnlyList<int> cores) =>
        Share(earlier, cores.Count > 0 ? cores : [.. _cores.Keys], c => c.Steal);

    private double? Share(ProcStat earlier, IReadOnlyList<int> cores, Func<Core, long> part)
    {
        long ticks = 0;
        foreach (var core in cores)
        {
            if (!_cores.TryGetValue(core, out var now) || !earlier._cores.TryGetValue(core, out var before)) return null;
            ticks += part(now) - part(before);
        }
        var seconds = MonotonicClock.Seconds(_time - earlier._time) * cores.Count;
        return seconds > 0 ? Math.Clamp(ticks / TicksPerSecond / seconds, 0, 1) : null;
    }

    private static long Ticks(string field) => long.Parse(field, NumberStyles.None);

    private readonly record struct Core(long Idle, long Steal);
}
