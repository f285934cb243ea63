using System.Text.Json;
using ServeBench.Domain.Faults;
using ServeBench.Hosts.Ownership;
using ServeBench.Processes.Running;

namespace ServeBench.Hosts.Process.Place;

/// <summary>
/// A deployment's own HOME, TMPDIR and working folder: servers write keys, caches, sockets and PID files there, and two of them must not
/// meet. In the system's temporary folder, because the path of a UNIX socket has at most 107 bytes, and that of a run's folder may be
/// longer by itself. Removed with the deployment, or by the next run when this one is killed.
/// </summary>
internal sealed class DeploymentPlace
{
    /// <summary>How the names of all begin.</summary>
    public const string Prefix = "servebench.";

    private const string JournalFile = "journal.json";

    private DeploymentPlace(string folder, PlaceJournal journal) => (Folder, Journal) = (folder, journal);

    public string Folder { get; }

    public PlaceJournal Journal { get; private set; }

    public string Home => Path.Combine(Folder, "home");

    public string Temporary => Path.Combine(Folder, "tmp");

    public string Work => Path.Combine(Folder, "work");

    /// <summary>Variables that lead a server's files here.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["HOME"] = Home,
        ["TMPDIR"] = Temporary,
        ["TMP"] = Temporary,
        ["TEMP"] = Temporary,
        ["XDG_CACHE_HOME"] = Path.Combine(Home, ".cache"),
        ["XDG_CONFIG_HOME"] = Path.Combine(Home, ".config"),
        ["XDG_DATA_HOME"] = Path.Combine(Home, ".local/share"),
        ["XDG_STATE_HOME"] = Path.Combine(Home, ".local/state"),
        ["XDG_RUNTIME_DIR"] = Temporary,
    };

    /// <param name="deployment">Its id.</param>
    /// <param name="sharedMemory">Patterns of what it is known to leave in shared memory.</param>
    /// <param name="stopLimit">How long it may take to end when it is asked to.</param>
    /// <param name="leaves">Paths that it is known to leave, by the place's own folder.</param>
    /// <exception cref="RunFailedException">when it cannot be made.</exception>
    public static DeploymentPlace Make(
        string deployment, IReadOnlyList<string> sharedMemory, TimeSpan stopLimit, Func<string, IEnumerable<string>> leaves)
    {
        if (!Directory.Exists(Path.GetTempPath()))
            throw new RunFailedException(
                $"a server's folder cannot be made: there is no folder {Path.GetTempPath()}",
                "Make it, or let TMPDIR name one that is there");
        string? made = null;
        try
        {
            made = Directory.CreateTempSubdirectory(Prefix).FullName;
            var place = new DeploymentPlace(
                made,
                new PlaceJournal
                {
                    Realm = Owner.Realm,
                    Owner = Owner.Label,
                    Deployment = deployment,
                    StopSeconds = stopLimit.TotalSeconds,
                    SharedMemory = sharedMemory,
                    SharedMemoryBefore = Place.SharedMemory.Names(),
                    // What was there before is somebody's.
                    Leaves = [.. leaves(made).Where(l => !File.Exists(l) && !Directory.Exists(l))],
                });
            foreach (var folder in new[] { place.Home, place.Temporary, place.Work }) Directory.CreateDirectory(folder);
            place.Note(j => j);
            return place;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without a journal no later run would find it.
            if (made is not null) Removal.Of(made);
            throw new RunFailedException($"a server's folder cannot be made: {e.Message}", $"Make room in {Path.GetTempPath()}", e);
        }
    }

    /// <summary>The places whose run is gone.</summary>
    public static IEnumerable<DeploymentPlace> Left()
    {
        // Elsewhere nobody can tell whose they are; and TMPDIR may name a folder that is not there.
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Path.GetTempPath())) yield break;
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            // All may write to that folder, and what a journal names is ended and removed.
            if (FileOwner.IsOwn(folder) && Read(folder) is { } journal && Owner.IsGone(journal.Realm, journal.Owner))
                yield return new DeploymentPlace(folder, journal);
        }
    }

    /// <summary>Writes down more about it.</summary>
    public void Note(Func<PlaceJournal, PlaceJournal> change)
    {
        Journal = change(Journal);
        // Whole or not at all, should this process be killed; a machine that goes down takes what it speaks of with it, so nothing
        // is forced to the disk while a server starts.
        var file = Path.Combine(Folder, JournalFile);
        File.WriteAllBytes($"{file}.new", JsonSerializer.SerializeToUtf8Bytes(Journal));
        File.Move($"{file}.new", file, overwrite: true);
    }

    /// <summary>Removes it with all that it holds.</summary>
    /// <returns>What could not be removed and why; null when all is gone.</returns>
    public string? Remove() => Removal.Of(Folder);

    private static PlaceJournal? Read(string folder)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(folder, JournalFile));
            return JsonSerializer.Deserialize<PlaceJournal>(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // of another program
        }
    }
}
