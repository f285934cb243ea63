using ServeBench.Processes.Running;

namespace ServeBench.Hosts.Process.Proof;

/// <summary>A process tree for people: one process to a line, children under their parents.</summary>
internal static class ProcessTreeText
{
    private const int LongestCommand = 100;

    public static string Of(IReadOnlyList<ProcessEntry> processes)
    {
        var lines = new List<string>();
        var ids = processes.Select(p => p.Id).ToHashSet();
        void Add(ProcessEntry process, int depth)
        {
            var command = process.CommandLine();
            if (command.Length > LongestCommand) command = $"{command[..LongestCommand]}...";
            lines.Add(
                $"{new string(' ', 4 + (2 * depth))}{process.Id} {command} "
                    + $"(state {process.State}, parent {process.Parent}, group {process.Group}, session {process.Session})");
            foreach (var child in processes.Where(p => p.Parent == process.Id)) Add(child, depth + 1);
        }
        foreach (var root in processes.Where(p => !ids.Contains(p.Parent))) Add(root, 0);
        return string.Join(Environment.NewLine, lines);
    }
}
