using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Runs.Planning;

namespace ServeBench.Runs.Storing;

/// <summary>The runs that there are, and which of them a command goes on with.</summary>
internal sealed class KnownRuns(RunRequest request, IRunObserver observer)
{
    /// <summary>The newest first. One that another version wrote, or that is damaged, is not continued.</summary>
    public IEnumerable<(RunFolder Folder, RunManifest Manifest)> All()
    {
        foreach (var folder in RunDirectory.All(request.RunsFolder))
        {
            RunManifest manifest;
            try
            {
                manifest = folder.ReadManifest();
            }
            catch (RunFailedException e)
            {
                observer.Warn($"{folder.Id} is left alone: {e.Message}");
                continue;
            }
            if (manifest.Schema == RunManifest.CurrentSchema) yield return (folder, manifest);
        }
    }

    /// <summary>
    /// The seed that was drawn for the newest run of the same command by the same programs: the command again goes on with that run, or
    /// finds it finished. With <c>--force</c> only an interrupted forced one is gone on with; any other is new and gets a new seed.
    /// </summary>
    public long? DrawnSeed()
    {
        var newest = All().Select(r => r.Manifest).FirstOrDefault(m => m.Group == request.Group && m.Command == request.Command);
        if (newest is not { SeedDrawn: true } || newest.ProgramsSha256 != MeasuringPrograms.Hash()) return null;
        return request.Force && newest is not { Forced: true, FinishedUtc: null } ? null : newest.Seeds.Base;
    }

    /// <summary>With <c>--force</c>: the interrupted run of the same command, whose own results may be reused.</summary>
    public string? InterruptedForced()
    {
        var newest = All().Select(r => r.Manifest).FirstOrDefault(m => m.Group == request.Group);
        return newest is { Forced: true, FinishedUtc: null } && newest.Command == request.Command ? newest.Id : null;
    }
}
