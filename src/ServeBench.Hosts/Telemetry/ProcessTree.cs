using System.Globalization;

namespace ServeBench.Hosts.Telemetry;

/// <summary>What processes use, as /proc shows it at one moment (Linux).</summary>
internal static class ProcessTree
{
    /// <summary>CPU time, own and of ended children, summed over the processes; in clock ticks.</summary>
    public static long CpuTicks(IEnumerable<int> processes) => processes.Sum(CpuTicks);

    /// <summary>Resident memory summed over the processes, in bytes. Pages that several share count for each.</summary>
    public static long ResidentBytes(IEnumerable<int> processes) => processes.Sum(ResidentBytes);

    private static long CpuTicks(int process)
    {
        if (Read($"/proc/{process}/stat") is not { } stat) return 0;
        // The second field is the program's name in parentheses and may hold anything; fields are counted after it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
        return Field(14) + Field(15) + Field(16) + Field(17);
    }

    private static long ResidentBytes(int process)
    {
        if (Read($"/proc/{process}/statm") is not { } statm) return 0;
        return long.Parse(statm.Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it ended in the meantime
        }
    }
}
