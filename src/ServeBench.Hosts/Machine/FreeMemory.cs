using System.Runtime.InteropServices;

namespace ServeBench.Hosts.Machine;

/// <summary>
/// Brings this machine's free memory into the same state before every cold start. A virtual machine may give memory that was freed
/// back to its host (free page reporting); who touches it next waits for the host, page by page. Whether a server has to would
/// depend on how long ago something else ran, not on the server. See docs/decisions/0010-before-a-cold-start.md.
/// </summary>
public static partial class FreeMemory
{
    /// <summary>
    /// More than any stack's container had with all-MiniLM-L6-v2 (648 MiB at the most, in overload); costs up to two seconds
    /// where the host has taken it.
    /// </summary>
    private const long Wanted = 768L << 20;

    private const int Page = 4096;
    private const int LargePage = 2 << 20;

    /// <summary>MADV_HUGEPAGE of madvise(2).</summary>
    private const int InLargePages = 14;

    /// <summary>Touches memory and frees it again: whoever asks for some within the next seconds gets what is really there.</summary>
    /// <returns>Bytes touched; 0 where little is free or none is given, or the system is not Linux.</returns>
    public static long Touch() => OperatingSystem.IsLinux() ? Touch(Amount(OfMachine(), OfProcess())) : 0;

    /// <param name="ofMachine">Bytes that this machine could still give; null when it does not report it.</param>
    /// <param name="ofProcess">Bytes that this process may still take: a container's limit is less than its machine has.</param>
    /// <returns>How much to touch, in whole large pages: never more than a quarter of what there is.</returns>
    internal static long Amount(long? ofMachine, long ofProcess) =>
        Math.Max(0, Math.Min(Wanted, Math.Min(ofMachine ?? 0, ofProcess) / 4)) / LargePage * LargePage;

    private static unsafe long Touch(long bytes)
    {
        if (bytes == 0) return 0;
        byte* block;
        try
        {
            // So large a block comes from the kernel and goes back to it at once.
            block = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, LargePage);
        }
        catch (OutOfMemoryException)
        {
            return 0; // A limit that neither machine nor container reports (ulimit -v). The record says that nothing was touched.
        }
        try
        {
            // Large pages are those that a host takes back. Where the kernel has none this does nothing, and nothing depends on it.
            _ = Advise(block, (nuint)bytes, InLargePages);
            for (var at = 0L; at < bytes; at += Page) Volatile.Write(ref block[at], 1);
            return bytes;
        }
        finally
        {
            NativeMemory.AlignedFree(block);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static unsafe partial int Advise(byte* address, nuint length, int advice);

    /// <summary>The garbage collector knows a container's limit, where there is one, and else the machine's memory.</summary>
    private static long OfProcess() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;

    private static long? OfMachine()
    {
        const string File = "/proc/meminfo", Name = "MemAvailable:";
        if (!System.IO.File.Exists(File)) return null;
        var line = System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
        return line is null
            ? null
            : long.Parse(
                line[Name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(),
                System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
