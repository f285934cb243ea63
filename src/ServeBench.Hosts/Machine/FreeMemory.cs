using System.Runtime.InteropServices;

namespace ServeBench.Hosts.Machine;

/// <summary>
/// Brings this machine's free memory into the same state before every cold start. A virtual machine may give memory that was freed
/// back to its host (free page reporting); who touches it next waits for the host, page by page. Whether a server has to would
/// depend on how long ago something else ran, not on the server. See docs/decisions/0010-before-a-cold-start.md.
/// </summary>
public static partial class FreeMemory
{
    /// <summary>More than any stack's container had with all-MiniLM-L6-v2 (419 MiB); costs up to two seconds where the host has taken it.</summary>
    private const long Wanted = 768L << 20;

    private const int Page = 4096;
    private const int LargePage = 2 << 20;

    /// <summary>MADV_HUGEPAGE of madvise(2).</summary>
    private const int InLargePages = 14;

    /// <summary>Touches memory and frees it again: whoever asks for some within the next seconds gets what is really there.</summary>
    /// <returns>Bytes touched; 0 where little is free, or the system is not Linux.</returns>
    public static unsafe long Touch()
    {
        if (!OperatingSystem.IsLinux()) return 0;
        var bytes = Math.Min(Wanted, Available() / 4) / LargePage * LargePage;
        if (bytes == 0) return 0;
        // So large a block comes from the kernel and goes back to it at once.
        var block = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, LargePage);
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

    private static long Available()
    {
        const string Name = "MemAvailable:";
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[Name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
