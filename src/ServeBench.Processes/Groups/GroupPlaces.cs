namespace ServeBench.Processes.Groups;

/// <summary>Where control groups of this process's own could be made.</summary>
/// <param name="Cpuset">The folder of its group in the cpuset hierarchy of version 1; null where there is none.</param>
/// <param name="Unified">The folder of its group of version 2, and those above it, nearest first; empty where there is none.</param>
internal sealed record GroupPlaces(string? Cpuset, IReadOnlyList<string> Unified)
{
    public IEnumerable<string> All => Cpuset is null ? Unified : Unified.Append(Cpuset);

    /// <param name="root">The root of the file system; tests have their own.</param>
    public static GroupPlaces OfThisProcess(string root)
    {
        var mounted = Lines($"{root}proc/self/mounts").Select(l => l.Split(' ')).Where(f => f.Length > 3).ToArray();
        var own = Lines($"{root}proc/self/cgroup").Select(l => l.Split(':', 3)).Where(f => f.Length == 3).ToArray();

        var first = Array.Find(mounted, f => f[2] == "cgroup" && f[3].Split(',').Contains("cpuset"));
        var cpuset = Array.Find(own, f => f[1].Split(',').Contains("cpuset"));
        var second = Array.Find(mounted, f => f[2] == "cgroup2");
        var unified = Array.Find(own, f => f[0] == "0");
        return new GroupPlaces(
            first is null || cpuset is null ? null : Existing(root, first[1], cpuset[2]),
            second is null || unified is null ? [] : [.. Upwards(root, second[1], unified[2])]);
    }

    private static IEnumerable<string> Upwards(string root, string mount, string path)
    {
        for (var at = path.TrimEnd('/'); ; at = at[..at.LastIndexOf('/')])
        {
            if (Existing(root, mount, at) is { } folder) yield return folder;
            if (at.Length == 0) yield break;
        }
    }

    /// <summary>Of a process in a container the group may lie outside what it sees.</summary>
    private static string? Existing(string root, string mount, string path)
    {
        var folder = Path.Combine(root, mount.TrimStart('/'), path.TrimStart('/')).TrimEnd('/');
        return Directory.Exists(folder) ? folder : null;
    }

    private static IEnumerable<string> Lines(string file) => File.Exists(file) ? File.ReadLines(file) : [];
}
