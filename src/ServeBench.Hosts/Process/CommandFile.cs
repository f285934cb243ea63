using ServeBench.Domain.Storage;

namespace ServeBench.Hosts.Process;

/// <summary>The file that a command names: its path, or what the system finds for its name on PATH.</summary>
internal static class CommandFile
{
    /// <summary>Larger files are distinguished by size and time: hashing them would take longer than a plan may.</summary>
    private const long LargestHashed = 64 << 20;

    /// <returns>Null when there is none.</returns>
    public static string? Find(string command)
    {
        if (command.Contains(Path.DirectorySeparatorChar)) return File.Exists(command) ? command : null;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(f => Path.Combine(f, command))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>What distinguishes the command's file from another; of one that was looked up, the place too.</summary>
    public static string Identity(string command)
    {
        if (Find(command) is not { } path) return "";
        // Its own size and time, not those of a link to it.
        var file = new FileInfo(path);
        if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
        var content = file.Length <= LargestHashed ? ContentHash.OfFile(file.FullName) : $"{file.Length} {file.LastWriteTimeUtc.Ticks}";
        return path == command ? content : $"{path} {content}";
    }
}
