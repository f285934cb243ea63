using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace ServeBench.Hosts.Machine;

/// <summary>Says how much of a file lies in memory already: a server that loads it from there starts sooner than from the disk.</summary>
public static partial class PageCache
{
    private static readonly int Page = Environment.SystemPageSize;

    /// <returns>Share of the file's pages that are in the page cache, 0 to 1; null where that cannot be determined.</returns>
    public static unsafe double? ShareOf(string file)
    {
        if (!OperatingSystem.IsLinux() || new FileInfo(file) is not { Exists: true, Length: > 0 and var length }) return null;
        using var mapped = MemoryMappedFile.CreateFromFile(file, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = mapped.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        var pages = new byte[(length + Page - 1) / Page];
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            fixed (byte* states = pages) return Mincore(start, (nuint)length, states) == 0
                ? (double)pages.Count(p => (p & 1) != 0) / pages.Length
                : null;
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    /// <summary>The same of the largest file of a folder, as a model's weights are; null where there is none.</summary>
    public static double? ShareOfLargest(string folder) =>
        new DirectoryInfo(folder) is { Exists: true } there
            && there.EnumerateFiles("*", SearchOption.AllDirectories).MaxBy(f => f.Length) is { } largest
            ? ShareOf(largest.FullName)
            : null;

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static unsafe partial int Mincore(byte* address, nuint length, byte* pages);
}
