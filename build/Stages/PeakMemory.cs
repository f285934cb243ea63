using System.Globalization;
using System.Runtime;

namespace ServeBench.Build.Stages;

/// <summary>The largest resident set that this process has had (VmHWM of proc(5)); Linux only.</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status";
    private const string Reset = "/proc/self/clear_refs";

    public static bool CanStartAgain => File.Exists(Reset);

    /// <summary>Gives back what is not used any more, and counts again from what is left where the system allows it.</summary>
    public static void StartAgain()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // 5 sets the peak to the present size (proc(5), since Linux 4.0).
        if (CanStartAgain) File.WriteAllText(Reset, "5");
    }

    /// <returns>Null where the system does not report it.</returns>
    public static long? Bytes()
    {
        if (!File.Exists(Status)) return null;
        var line = File.ReadLines(Status).First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
