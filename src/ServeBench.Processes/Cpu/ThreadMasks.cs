using System.ComponentModel;
using System.Globalization;

namespace ServeBench.Processes.Cpu;

/// <summary>The processors that single threads of other processes may use (Linux).</summary>
public static class ThreadMasks
{
    /// <summary>Ids of a process's threads; empty when it has ended.</summary>
    public static IReadOnlyList<int> ThreadsOf(int process)
    {
        try
        {
            return
            [
                .. Directory.EnumerateDirectories($"/proc/{process}/task")
                    .Select(t => int.Parse(Path.GetFileName(t), NumberStyles.None, CultureInfo.InvariantCulture)),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The processors that a thread may use; null when it has ended.</summary>
    public static IReadOnlyList<int>? Of(int thread)
    {
        try
        {
            return CpuAffinity.Get(thread);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Finds the threads that may run elsewhere than they should, and confines them again.</summary>
    /// <param name="processes">Whose threads.</param>
    /// <param name="cpus">The processors that they are to stay on.</param>
    /// <returns>Each that was put back, with the processors beyond those.</returns>
    public static IReadOnlyList<(int Thread, IReadOnlyList<int> Outside)> PutBack(IEnumerable<int> processes, IReadOnlyCollection<int> cpus)
    {
        var back = new List<(int, IReadOnlyList<int>)>();
        foreach (var thread in processes.SelectMany(ThreadsOf))
        {
            if (Of(thread) is not { } mask) continue;
            var outside = mask.Except(cpus).ToArray();
            if (outside.Length == 0) continue;
            // Its share of what it asked for, so that a runtime that gave each thread a core of its own keeps that as far as it can be.
            var kept = mask.Intersect(cpus).ToArray();
            if (CpuAffinity.TryConfine(thread, kept.Length > 0 ? kept : cpus)) back.Add((thread, outside));
        }
        return back;
    }
}
