using System.Globalization;

namespace ServeBench.Load.K6.Running;

/// <summary>CPU time of a whole process so far, from /proc; Linux only. Counted in ticks of 10 ms.</summary>
internal static class ProcessCpu
{
    /// <summary>USER_HZ: 100 on every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <returns>Seconds in user and system mode; null where that cannot be obtained.</returns>
    public static double? Seconds(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            // pid (name) state ppid ... utime stime: the name may hold anything, but no later field holds a parenthesis.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture)
                + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
