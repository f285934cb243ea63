using System.Globalization;
using System.Text.RegularExpressions;

namespace ServeBench.Hosts.Telemetry;

/// <summary>The control group of a container, version 1 or 2, as the kernel shows it in files.</summary>
internal abstract partial class Cgroup
{
    /// <summary>1 or 2.</summary>
    public abstract int Version { get; }

    /// <summary>CPU time of everything in it, from the beginning, in seconds; null when it is gone.</summary>
    public abstract double? CpuSeconds();

    /// <summary>What its CPU quota did to it; null without a quota, or when it is gone.</summary>
    public abstract QuotaUse? Quota();

    /// <summary>
    /// Memory that cannot be taken from it without harm: what it uses, less file cache that is not in use; null when it is gone.
    /// </summary>
    public abstract long? WorkingSetBytes();

    /// <summary>How many of its processes were killed for lack of memory; null where the kernel does not count them.</summary>
    public abstract long? OomKills();

    /// <summary>CPU time of each of the containers beside it, from their beginning, in seconds, by their folders.</summary>
    public abstract IReadOnlyDictionary<string, double> OtherContainersCpuSeconds();

    /// <summary>
    /// What other containers used between two readings; one that began meanwhile counts whole, one that ended is not seen any
    /// more.
    /// </summary>
    public static double Between(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after) =>
        after.Sum(a => Math.Max(0, a.Value - before.GetValueOrDefault(a.Key)));

    /// <summary>The group of a process.</summary>
    /// <param name="process">Its id on this machine.</param>
    /// <param name="root">The root of the file system; tests have their own.</param>
    /// <returns>Null when it cannot be determined.</returns>
    public static Cgroup? Of(int process, string root = "/")
    {
        var groups = $"{root}proc/{process}/cgroup";
        var mounts = $"{root}proc/self/mounts";
        if (!File.Exists(groups) || !File.Exists(mounts)) return null;
        var mounted = File.ReadLines(mounts).Select(l => l.Split(' ')).Where(f => f.Length > 3).ToArray();
        var lines = File.ReadAllLines(groups).Select(l => l.Split(':', 3)).Where(f => f.Length == 3).ToArray();

        string? Controller(string name)
        {
            var mount = Array.Find(mounted, f => f[2] == "cgroup" && f[3].Split(',').Contains(name));
            var path = Array.Find(lines, f => f[1].Split(',').Contains(name));
            return mount is null || path is null ? null : Existing(root, mount[1], path[2]);
        }

        if (Controller("cpuacct") is { } accounting && Controller("memory") is { } memory)
            return new CgroupV1(accounting, Controller("cpu") ?? accounting, memory);
        var unified = Array.Find(mounted, f => f[2] == "cgroup2");
        var own = Array.Find(lines, f => f[0] == "0");
        return unified is not null
            && own is not null
            && Existing(root, unified[1], own[2]) is { } folder
            && File.Exists($"{folder}/memory.current")
            ? new CgroupV2(folder)
            : null;
    }

    /// <summary>The folders beside a container's own that are containers, too.</summary>
    protected static IEnumerable<string> Siblings(string folder)
    {
        var parent = Path.GetDirectoryName(folder);
        return parent is null || !Directory.Exists(parent)
            ? []
            : Directory.EnumerateDirectories(parent).Where(d => d != folder && Container().IsMatch(Path.GetFileName(d)));
    }

    /// <summary>The whole of a small file; null when it, or its group, is gone.</summary>
    protected static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The number after a word at the beginning of a line.</summary>
    protected static long? Value(string? text, string key)
    {
        foreach (var line in (text ?? "").Split('\n'))
        {
            if (line.StartsWith(key, StringComparison.Ordinal) && line.Length > key.Length && line[key.Length] == ' ')
                return Number(line[(key.Length + 1)..]);
        }
        return null;
    }

    protected static long? Number(string? text) =>
        long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Existing(string root, string mount, string path)
    {
        var folder = Path.Combine(root, mount.TrimStart('/'), path.TrimStart('/'));
        return Directory.Exists(folder) ? folder : null;
    }

    [GeneratedRegex("^(docker-)?[0-9a-f]{64}(\\.scope)?$")]
    private static partial Regex Container();
}
