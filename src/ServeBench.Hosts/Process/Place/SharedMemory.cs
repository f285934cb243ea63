using System.Text.RegularExpressions;
using ServeBench.Processes.Running;

namespace ServeBench.Hosts.Process.Place;

/// <summary>The POSIX shared memory of this machine: files of a file system in memory, which outlive their processes (Linux).</summary>
internal static class SharedMemory
{
    private const string Folder = "/dev/shm/";

    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<string> Names() =>
        OperatingSystem.IsLinux() && Directory.Exists(Folder)
            ? [.. Directory.EnumerateFileSystemEntries(Folder).Select(f => Path.GetFileName(f))]
            : [];

    /// <summary>Names of what processes have mapped or opened, and that still has a name.</summary>
    public static IReadOnlySet<string> HeldBy(IEnumerable<int> processes)
    {
        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in processes.SelectMany(p => Mapped(p).Concat(Opened(p))))
        {
            if (!path.StartsWith(Folder, StringComparison.Ordinal)) continue;
            var name = path[Folder.Length..];
            // Its name is gone already, and with its last process it will be.
            if (!name.EndsWith(" (deleted)", StringComparison.Ordinal)) held.Add(name.Split('/')[0]);
        }
        return held;
    }

    /// <summary>Removes what a deployment that has ended left.</summary>
    /// <param name="journal">What is known of it.</param>
    /// <returns>The names that were removed, and those that came up meanwhile, are held by nobody, and may be anybody's.</returns>
    public static (IReadOnlyList<string> Removed, IReadOnlyList<string> Unexplained) Clear(PlaceJournal journal)
    {
        var news = Names().Except(journal.SharedMemoryBefore).ToArray();
        if (news.Length == 0) return ([], []);
        // Somebody else may have taken it over, or it is not this deployment's at all.
        var held = HeldBy(ProcessEntry.All().Select(p => p.Id));
        var free = news.Where(n => !held.Contains(n)).ToArray();
        var own = free.Where(n => journal.SharedMemoryHeld.Contains(n) || journal.SharedMemory.Any(p => Fits(n, p))).ToArray();
        var removed = own.Where(n => Removal.Of(Folder + n) is null).ToArray();
        return (removed, [.. free.Except(removed).Where(n => File.Exists(Folder + n) || Directory.Exists(Folder + n))]);
    }

    private static bool Fits(string name, string pattern) => Regex.IsMatch(name, pattern, RegexOptions.None, PatternLimit);

    private static IEnumerable<string> Mapped(int process)
    {
        try
        {
            // The path is the sixth field, and may hold spaces.
            return File.ReadAllLines($"/proc/{process}/maps").Select(l => l.IndexOf('/') is >= 0 and var at ? l[at..] : "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // it has ended, or is another user's
        }
    }

    private static IEnumerable<string> Opened(int process)
    {
        try
        {
            return [.. new DirectoryInfo($"/proc/{process}/fd").EnumerateFiles().Select(f => f.LinkTarget ?? "")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
