using System.Globalization;
using ServeBench.Domain.Trials;
using ServeBench.Processes.Cpu;
using ServeBench.Processes.Running;
using ServeBench.Processes.Servers;

namespace ServeBench.Hosts.Process.Proof;

/// <summary>Describes every process of a deployment: what was started, not what was asked for (Linux).</summary>
internal static class ProcessDescription
{
    /// <param name="server">The deployment.</param>
    /// <param name="busy">Threads that computed in the window, by their ids; null where that was not read.</param>
    /// <returns>In the order in which they began; null where processes cannot be seen.</returns>
    public static IReadOnlyList<ServerProcessRecord>? Of(ServerProcess server, IReadOnlySet<int>? busy)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var processes = server.Processes();
        var listening = ListeningSocket.All();
        var ids = processes.Select(p => p.Id).ToHashSet();
        return [.. processes.Select(p => Describe(p, p.Id == server.ProcessId, ids.Contains(p.Parent), listening, busy))];
    }

    private static ServerProcessRecord Describe(
        ProcessEntry process, bool isMain, bool hasParent, IReadOnlyList<ListeningSocket> listening, IReadOnlySet<int>? busy)
    {
        var threads = ThreadMasks.ThreadsOf(process.Id);
        var sockets = ListeningSocket.InodesOf(process.Id);
        return new ServerProcessRecord(
            process.Id,
            isMain ? "main" : hasParent ? "child" : "orphan",
            NameOf(process),
            process.Nice,
            CpuList.Format(threads.SelectMany(t => ThreadMasks.Of(t) ?? []).Distinct()),
            threads.Count,
            busy is null ? null : threads.Count(busy.Contains),
            PssOf(process.Id),
            [.. listening.Where(l => sockets.Contains(l.Inode)).Select(l => $"{l.Address}").Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>The program, and of an interpreter what it runs; without their folders.</summary>
    private static string NameOf(ProcessEntry process)
    {
        var words = process.CommandLine().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return process.Name;
        var script = words.Skip(1).FirstOrDefault(w => !w.StartsWith('-'));
        var program = Path.GetFileName(words[0]);
        return script is not null && IsInterpreter(program) ? $"{program} {Path.GetFileName(script)}" : program;
    }

    private static bool IsInterpreter(string program) =>
        program is "sh" or "bash" or "dash" or "node" or "java" or "perl" or "ruby" or "dotnet"
            || program.StartsWith("python", StringComparison.Ordinal);

    private static long? PssOf(int process)
    {
        const string Key = "Pss:";
        try
        {
            var line = File.ReadLines($"/proc/{process}/smaps_rollup").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
            return line is null
                ? null
                : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended, or the kernel does not say
        }
    }
}
