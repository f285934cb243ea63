using System.Globalization;

namespace ServeBench.Load.Native;

/// <summary>How the machine's cores spent their time, from /proc/stat; Linux only.</summary>
internal sealed class ProcStat
{
    private const string File = "/proc/stat";

    private readonly Dictionary<int, Times> _cores = [];

    /// <returns>Null where there is no /proc/stat.</returns>
    public static ProcStat? Read() => System.IO.File.Exists(File) ? Parse(System.IO.File.ReadAllText(File)) : null;

    public static ProcStat Parse(string text)
    {
        var stat = new ProcStat();
        foreach (var line in text.Split('\n'))
        {
            // cpuN user nice system idle iowait irq softirq steal ...; user and nice include the guests'.
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 9 || !fields[0].StartsWith("cpu", StringComparison.Ordinal) || fields[0].Length == 3) continue;
            var ticks = Array.ConvertAll(fields[1..9], f => long.Parse(f, NumberStyles.None));
            stat._cores[int.Parse(fields[0].AsSpan(3))] = new Times(ticks.Sum(), ticks[3] + ticks[4], ticks[7]);
        }
        return stat;
    }

    /// <summary>Share of those cores' time since <paramref name="earlier"/> that was neither idle nor stolen; null when it cannot be told.</summary>
    public double? Busy(ProcStat earlier, IReadOnlyList<int> cores) => Share(earlier, cores, t => t.Total - t.Idle - t.Steal);

    /// <summary>Share of all cores' time since <paramref name="earlier"/> that the hypervisor took.</summary>
    public double? Steal(ProcStat earlier) => Share(earlier, [.. _cores.Keys], t => t.Steal);

    private double? Share(ProcStat earlier, IReadOnlyList<int> cores, Func<Times, long> part)
    {
        long parts = 0, total = 0;
        foreach (var core in cores)
        {
            if (!_cores.TryGetValue(core, out var now) || !earlier._cores.TryGetValue(core, out var before)) return null;
            parts += part(now) - part(before);
            total += now.Total - before.Total;
        }
        return total > 0 ? Math.Clamp((double)parts / total, 0, 1) : null;
    }

    private readonly record struct Times(long Total, long Idle, long Steal);
}
