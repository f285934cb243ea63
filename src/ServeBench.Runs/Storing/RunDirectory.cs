using System.Globalization;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Storage;
using ServeBench.Processes.Servers;

namespace ServeBench.Runs.Storing;

/// <summary>The folder that holds all runs, and its pointer to the latest.</summary>
public static class RunDirectory
{
    public const string Latest = "latest";

    /// <summary>A name for a run that starts now: <c>20261121T091011Z</c>, a dash and the group, unused so far.</summary>
    public static string NewId(string runsFolder, string group, DateTimeOffset now)
    {
        var id = $"{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-{group}";
        var free = id;
        for (var i = 2; Directory.Exists(Path.Combine(runsFolder, free)); i++) free = $"{id}-{i}";
        return free;
    }

    /// <summary>All runs, the newest first.</summary>
    public static IEnumerable<RunFolder> All(string runsFolder) => Directory.Exists(runsFolder)
        ? Directory.EnumerateDirectories(runsFolder)
            .Where(d => Path.GetFileName(d) != Latest && File.Exists(Path.Combine(d, "manifest.json")))
            .OrderByDescending(Path.GetFileName, StringComparer.Ordinal)
            .Select(d => new RunFolder(d))
        : [];

    /// <summary>The run that a user names.</summary>
    /// <param name="runsFolder">The folder of all runs.</param>
    /// <param name="run"><see cref="Latest"/>, or a run's id.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="FaultException">when there is none; names the nearest.</exception>
    public static RunFolder Find(string runsFolder, string run, string option = "--run")
    {
        var known = All(runsFolder).Select(f => f.Id).ToArray();
        if (run == Latest && LatestId(runsFolder) is { } latest) return new RunFolder(Path.Combine(runsFolder, latest));
        if (known.Contains(run)) return new RunFolder(Path.Combine(runsFolder, run));
        throw new FaultException(known.Length == 0
            ? new Fault(option, null, null, $"there is no run in {runsFolder} yet", "Make one with --target=Benchmark")
            : new Fault(
                option, null, null, $"there is no run '{run}' in {runsFolder}", NearestName.Remedy(run, [Latest, .. known.Take(10)])));
    }

    /// <summary>As <see cref="Find"/>, but the folder of a run anywhere may be named by its path, such as one that was published.</summary>
    /// <param name="runsFolder">The folder of all runs.</param>
    /// <param name="run">A path, <see cref="Latest"/>, or a run's id.</param>
    /// <param name="root">Where relative paths begin.</param>
    /// <param name="option">The option that names it.</param>
    public static RunFolder FindAnywhere(string runsFolder, string run, string root, string option = "--run")
    {
        var folder = new RunFolder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run, root)));
        return File.Exists(folder.ManifestFile) ? folder : Find(runsFolder, run, option);
    }

    /// <summary>Makes <c>latest</c> point at a run: a link, or a file with its name where links are not allowed.</summary>
    public static void PointLatestAt(string runsFolder, string id)
    {
        var pointer = Path.Combine(runsFolder, Latest);
        if (PointedAt(runsFolder) == id) return;
        if (new FileInfo(pointer).LinkTarget is null && Directory.Exists(pointer))
            throw new RunFailedException(
                $"{pointer} is a folder, and was to be a link to the latest run", "Rename it; it may be a copy of a run");
        if (File.Exists(pointer) || Directory.Exists(pointer)) File.Delete(pointer);
        try
        {
            Directory.CreateSymbolicLink(pointer, id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AtomicFile.WriteText(pointer, id);
        }
    }

    /// <summary>Takes the secrets out of the logs of servers whose run was killed before it could.</summary>
    public static void RedactLogs(RunFolder folder)
    {
        if (!Directory.Exists(folder.Deployments)) return;
        foreach (var log in Directory.EnumerateFiles(folder.Deployments, "*.log").ToArray()) KeptLog.Redact(log);
    }

    private static string? LatestId(string runsFolder) => PointedAt(runsFolder) ?? All(runsFolder).FirstOrDefault()?.Id;

    /// <summary>The run that the pointer names, if it is still there.</summary>
    private static string? PointedAt(string runsFolder)
    {
        var pointer = new FileInfo(Path.Combine(runsFolder, Latest));
        var id = pointer.LinkTarget ?? (pointer.Exists ? File.ReadAllText(pointer.FullName).Trim() : null);
        return id is not null && File.Exists(Path.Combine(runsFolder, id, "manifest.json")) ? id : null;
    }
}
