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
    private InvalidResults? _invalid;

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

    /// <summary>With <c>--force=invalid</c> the stored trials to measure again, as they were when first asked for.</summary>
    public InvalidResults Invalid(CancellationToken cancellationToken) =>
        _invalid ??= InvalidResults.Of(Setup.Request, Plan, Setup.Known, Setup.Store, cancellationToken);

    /// <summary>The run that is all that was asked for, finished and whole; nothing when something is left to do.</summary>
    public (RunFolder Folder, int Cases)? Complete(CancellationToken cancellationToken) =>
        Invalid(cancellationToken).Count == 0
            && Same() is var (folder, manifest)
            && manifest.FinishedUtc is not null
            && Plan.Cases.All(new RunWriter(folder, Setup.Store).Has)
            ? (folder, Plan.Cases.Count())
            : null;

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
