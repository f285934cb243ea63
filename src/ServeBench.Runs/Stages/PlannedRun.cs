using ServeBench.Domain.Plans;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Runs.Loading;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Stages;

/// <summary>All that the stages before the load have found, and the plan that follows from it.</summary>
internal sealed class PlannedRun
{
    public PlannedRun(RunSetup setup, PreparedModels models, StackSelection stacks, IReadOnlyList<CeilingRecord> ceilings)
    {
        Setup = setup;
        Models = models;
        Stacks = stacks;
        Ceilings = ceilings;
        Plan = setup.NewPlanner(models).Plan(setup.Request, setup.Workloads, stacks.Contenders, models.ByName, setup.Seeds, ceilings);
    }

    public RunSetup Setup { get; }

    public PreparedModels Models { get; }

    public StackSelection Stacks { get; }

    /// <summary>The sweep before the run; empty where there is no raw runtime.</summary>
    public IReadOnlyList<CeilingRecord> Ceilings { get; }

    public RunPlan Plan { get; }

    /// <summary>The run that has this plan already, finished or not; nothing when there is none.</summary>
    public (RunFolder Folder, RunManifest Manifest)? Same()
    {
        var same = Setup.Known.All().FirstOrDefault(r => r.Manifest.PlanFingerprint == Plan.Fingerprint);
        return same.Folder is null ? null : same;
    }

    /// <summary>
    /// The run that is all that was asked for, finished, whole and without an INVALID case; nothing when something is left to do.
    /// </summary>
    public (RunFolder Folder, int Cases)? Complete(CancellationToken cancellationToken) =>
        Same() is var (folder, manifest)
            && manifest.FinishedUtc is not null
            && Plan.Cases.All(new RunWriter(folder, Setup.Store).Has)
            && (Setup.Request.ReuseAny
                || (manifest.InvalidTrials ?? InvalidResults.InCasesOf(folder, manifest, cancellationToken)).Count == 0)
            ? (folder, Plan.Cases.Count())
            : null;

    /// <summary>What of the stored results may be reused.</summary>
    /// <param name="now">The conditions of this start.</param>
    /// <param name="cancellationToken">Ends it between two trials.</param>
    public StoredResults Stored(ConditionsRecord now, CancellationToken cancellationToken) => new(
        Setup.Store,
        Setup.MayReuse,
        Setup.Request.ReuseAny ? InvalidResults.None : InvalidResults.Of(Plan, Setup.Known, Setup.Store, cancellationToken),
        now,
        Setup.Request.ReuseAny);

    /// <summary>Writes every case as a k6 script.</summary>
    /// <returns>The scripts' paths relative to the folder.</returns>
    public IReadOnlyList<string> WriteScripts(string folder) =>
        new ScriptStage(
            Setup.Services.Work,
            Setup.Services.Catalogue.Folders,
            Setup.Profile,
            Setup.Seeds,
            new CommonRates(Ceilings),
            one => Setup.Drawn.Of(one.Workload, one.Model)).Write(Plan, folder);
}
