using System.Diagnostics;
using ServeBench.Hosts.Ownership;
using ServeBench.Processes.Groups;
using ServeBench.Processes.Running;

namespace ServeBench.Hosts.Process.Place;

/// <summary>Ends and removes what a run has left that was killed with its deployments.</summary>
internal static class LeftBehind
{
    private static readonly TimeSpan GoneLimit = TimeSpan.FromSeconds(5);

    /// <summary>A guard waits for its server's stop-limit, kills what is left, and takes so long for that at most.</summary>
    private static readonly TimeSpan GuardMargin = TimeSpan.FromSeconds(15);

    /// <returns>A sentence for each thing, and for each that could not be removed.</returns>
    public static IReadOnlyList<string> Clear()
    {
        var lines = new List<string>();
        var places = DeploymentPlace.Left().ToArray();
        foreach (var place in places) lines.AddRange(EndSession(place.Journal));
        // What got away from the session comes back to the guard, which is ending it.
        foreach (var place in places)
            Await(
                place.Journal.Guard, place.Journal.GuardStarted, TimeSpan.FromSeconds(place.Journal.StopSeconds) + GuardMargin);
        lines.AddRange(ProcessLabels.EndOrphans());
        lines.AddRange(ControlGroup.RemoveLeft(GroupName.IsLeft).Select(g => $"Removed control group {g} of a run that is gone"));
        foreach (var place in places)
        {
            var (removed, _) = SharedMemory.Clear(place.Journal);
            var others = place.Journal.Leaves.Where(l => File.Exists(l) || Directory.Exists(l)).ToArray();
            foreach (var path in removed.Select(n => $"/dev/shm/{n}").Concat(others).Append(place.Folder))
            {
                var problem = path.StartsWith("/dev/shm/", StringComparison.Ordinal) ? null : Removal.Of(path);
                lines.Add(problem ?? $"Removed {path}, which deployment {place.Journal.Deployment} of a run that is gone had left");
            }
        }
        return lines;
    }

    /// <summary>What no longer bears its label (some programs write over their environment) is still of the server's session.</summary>
    private static List<string> EndSession(PlaceJournal journal)
    {
        var lines = new List<string>();
        if (journal.Server == 0 || journal.Started == 0 || journal.Realm != Owner.Realm) return lines;
        // The number of a session is not given to another while one process of it lives; what began earlier is of an earlier one.
        var left = ProcessEntry.All().Where(p => p.Session == journal.Server && p.Started >= journal.Started && p.IsAlive).ToArray();
        // When the id was given again, to a process that leads a session of its own, nothing of the old one can be left.
        if (ProcessEntry.Read(journal.Server) is { } leader && leader.Started != journal.Started) return lines;
        foreach (var process in left)
        {
            ProcessSignals.Send(process.Id, "SIGKILL");
            lines.Add($"Ended process {process.Id} ({process.Name}) of deployment {journal.Deployment}, whose run is gone");
        }
        foreach (var process in left) Await(process.Id, process.Started, GoneLimit);
        return lines;
    }

    private static void Await(int process, long started, TimeSpan limit)
    {
        var began = Stopwatch.GetTimestamp();
        while (process > 0
            && ProcessEntry.Read(process) is { IsAlive: true } now
            && now.Started == started
            && Stopwatch.GetElapsedTime(began) < limit)
            Thread.Sleep(10);
    }
}
