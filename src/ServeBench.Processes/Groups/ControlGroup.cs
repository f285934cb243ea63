using System.Diagnostics;
using System.Globalization;
using ServeBench.Processes.Cpu;
using ServeBench.Processes.Servers;

namespace ServeBench.Processes.Groups;

/// <summary>
/// Control groups of a server's own, where this user may make them (Linux): one whose cpuset no thread can leave, whatever affinity it
/// gives itself, and one of version 2, whose processes are counted and killed together. One group may be both.
/// </summary>
public sealed class ControlGroup
{
    /// <summary>How the folders of all groups begin that are made here.</summary>
    public const string Prefix = "servebench-";

    private readonly string? _cpuset;
    private readonly string? _unified;

    private ControlGroup(string? cpuset, string? unified, IReadOnlyList<string> origins) =>
        (_cpuset, _unified, Origins) = (cpuset, unified, origins);

    /// <summary>What may be made here, found out once by making it.</summary>
    public static (bool Any, bool ConfinesCpus, bool Kills) OfThisMachine => Tried.Value;

    private static readonly Lazy<(bool, bool, bool)> Tried = new(() =>
    {
        if (TryMake($"try-{Environment.ProcessId}", CpuAffinity.Available) is not { } group) return (false, false, false);
        var found = (true, group.ConfinesCpus, group.Kills);
        group.Remove();
        return found;
    });

    /// <summary>The folders that a process enters to be in it, each by its file <c>cgroup.procs</c>.</summary>
    public IReadOnlyList<string> Folders => [.. new[] { _cpuset, _unified }.OfType<string>().Distinct()];

    /// <summary>The folders of the groups that this process is in, and that whoever leaves it enters.</summary>
    public IReadOnlyList<string> Origins { get; }

    /// <summary>Whether no thread in it can run on other processors than those it was made for.</summary>
    public bool ConfinesCpus => _cpuset is not null;

    /// <summary>Whether everything in it can be killed at once.</summary>
    public bool Kills => _unified is not null && File.Exists($"{_unified}/cgroup.kill");

    /// <summary>Makes one.</summary>
    /// <param name="name">Unique on this machine; letters, digits, hyphens.</param>
    /// <param name="cpus">The processors that it is confined to; empty for no confinement.</param>
    /// <param name="root">The root of the file system; tests have their own.</param>
    /// <returns>Null when nothing of it may be made here.</returns>
    public static ControlGroup? TryMake(string name, IReadOnlyList<int> cpus, string root = "/")
    {
        if (!OperatingSystem.IsLinux()) return null;
        var places = GroupPlaces.OfThisProcess(root);
        var unified = Unified(places, name, cpus, out var confines);
        var cpuset = confines ? unified : cpus.Count > 0 && places.Cpuset is { } parent ? Cpuset(parent, name, cpus) : null;
        if (unified is null && cpuset is null) return null;
        string?[] origins = [unified is null ? null : places.Unified[0], cpuset is null || cpuset == unified ? null : places.Cpuset];
        return new ControlGroup(cpuset, unified, [.. origins.OfType<string>()]);
    }

    /// <summary>Ids of the processes in it.</summary>
    public IReadOnlyList<int> Processes() => [.. Folders.SelectMany(ProcessesIn).Distinct()];

    /// <summary>CPU time of everything that ever ran in it, in seconds; null when that is not counted.</summary>
    public double? CpuSeconds()
    {
        if (_unified is null) return null;
        const string Key = "usage_usec ";
        try
        {
            return File.ReadLines($"{_unified}/cpu.stat").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal)) is { } line
                ? long.Parse(line.AsSpan(Key.Length), NumberStyles.None, CultureInfo.InvariantCulture) / 1e6
                : null;
        }
        catch (IOException)
        {
            return null; // it is gone
        }
    }

    /// <summary>Kills everything in it, where the kernel can do that at once (5.14).</summary>
    public void Kill()
    {
        if (Kills) TryWrite($"{_unified}/cgroup.kill", "1");
    }

    /// <summary>Removes it, once it is empty.</summary>
    /// <returns>The folders that could not be removed.</returns>
    public IReadOnlyList<string> Remove() => [.. Folders.Where(f => !TryRemove(f))];

    /// <summary>Removes groups that were left behind, with what still runs in them.</summary>
    /// <param name="isLeft">Whether one is left behind, by its name.</param>
    /// <param name="root">The root of the file system; tests have their own.</param>
    /// <returns>The folders that were there and are gone.</returns>
    public static IReadOnlyList<string> RemoveLeft(Func<string, bool> isLeft, string root = "/")
    {
        if (!OperatingSystem.IsLinux()) return [];
        var removed = new List<string>();
        foreach (var parent in GroupPlaces.OfThisProcess(root).All)
        {
            foreach (var folder in Directory.EnumerateDirectories(parent, $"{Prefix}*").Where(f => isLeft(Path.GetFileName(f))).ToArray())
            {
                foreach (var process in ProcessesIn(folder)) Running.ProcessSignals.Send(process, "SIGKILL");
                var since = Stopwatch.StartNew();
                bool isGone;
                while (!(isGone = TryRemove(folder)) && since.Elapsed < TimeSpan.FromSeconds(5)) Thread.Sleep(10);
                if (isGone) removed.Add(folder);
            }
        }
        return removed;
    }

    private static string? Unified(GroupPlaces places, string name, IReadOnlyList<int> cpus, out bool confines)
    {
        confines = false;
        string? made = null;
        // The own group first; further up only for the sake of a cpuset.
        foreach (var parent in places.Unified)
        {
            if (made is not null && cpus.Count == 0) break;
            var folder = $"{parent}/{Prefix}{name}";
            if (!TryCreate(folder)) continue;
            if (cpus.Count > 0 && !HasCpuset(folder)) TryWrite($"{parent}/cgroup.subtree_control", "+cpuset");
            var holds = cpus.Count > 0 && HasCpuset(folder) && TryWrite($"{folder}/cpuset.cpus", CpuList.Format(cpus));
            if ((made is null || holds) && CanBeEntered(folder, places.Unified[0]))
            {
                if (made is not null) TryRemove(made);
                made = folder;
                confines = holds;
                if (holds) break;
            }
            else
            {
                TryRemove(folder);
            }
        }
        return made;
    }

    private static bool HasCpuset(string folder) =>
        TryRead($"{folder}/cgroup.controllers")?.Split(' ', '\n').Contains("cpuset") == true;

    private static string? Cpuset(string parent, string name, IReadOnlyList<int> cpus)
    {
        var folder = $"{parent}/{Prefix}{name}";
        if (!TryCreate(folder)) return null;
        if (TryRead($"{parent}/cpuset.mems") is { } memory
            && TryWrite($"{folder}/cpuset.mems", memory.Trim())
            && TryWrite($"{folder}/cpuset.cpus", CpuList.Format(cpus))
            && CanBeEntered(folder, parent))
            return folder;
        TryRemove(folder);
        return null;
    }

    /// <summary>
    /// Making a folder is one right, moving a process into it and back another: a process that ends at once tries.
    /// </summary>
    private static bool CanBeEntered(string folder, string origin)
    {
        var start = new ProcessStartInfo(
            GuardedServer.Shell, ["-c", "echo 0 >\"$0/cgroup.procs\" && echo 0 >\"$1/cgroup.procs\"", folder, origin])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static List<int> ProcessesIn(string folder)
    {
        var ids = new List<int>();
        // A group that a server has made within its own counts too.
        foreach (var group in Descendants(folder).Prepend(folder))
            ids.AddRange(
                (TryRead($"{group}/cgroup.procs") ?? "")
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(l => int.Parse(l, NumberStyles.None, CultureInfo.InvariantCulture)));
        return ids;
    }

    private static string[] Descendants(string folder) =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder, "*", SearchOption.AllDirectories) : [];

    private static bool TryCreate(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // not this user's to make
        }
    }

    private static bool TryRemove(string folder)
    {
        try
        {
            foreach (var inner in Descendants(folder).OrderByDescending(f => f.Length)) Directory.Delete(inner);
            if (Directory.Exists(folder)) Directory.Delete(folder);
            return true;
        }
        catch (IOException)
        {
            return false; // something still runs in it
        }
    }

    private static bool TryWrite(string file, string text)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // the kernel, or the user's rights, do not allow it
        }
    }

    private static string? TryRead(string file)
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
}
