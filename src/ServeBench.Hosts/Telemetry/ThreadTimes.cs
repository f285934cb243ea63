using System.Globalization;
using ServeBench.Processes.Cpu;

namespace ServeBench.Hosts.Telemetry;

/// <summary>CPU time of single threads, in clock ticks (Linux).</summary>
internal static class ThreadTimes
{
    /// <summary>Of every thread of some processes, by its id.</summary>
    public static IReadOnlyDictionary<int, long> Read(IEnumerable<int> processes)
    {
        var ticks = new Dictionary<int, long>();
        foreach (var process in processes)
        {
            foreach (var thread in ThreadMasks.ThreadsOf(process))
            {
                if (Ticks(process, thread) is { } used) ticks[thread] = used;
            }
        }
        return ticks;
    }

    private static long? Ticks(int process, int thread)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/task/{thread}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[14 - 3], CultureInfo.InvariantCulture) + long.Parse(fields[15 - 3], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended
        }
    }
}
