using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Hosts.Machine;
using ServeBench.Measurement.Evaluation;
using ServeBench.Runs.Loading;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Racing;
using ServeBench.Runs.Storing;

namespace ServeBench.Runs.Stages;

/// <summary>Measures everything that a plan holds and is not stored, and fills the run's folder.</summary>
internal sealed class MeasureStage(PlannedRun run, ConditionsRecord conditions, CalibrationRecord calibration, CalibrationRecord? second)
{
    private readonly RunSetup _setup = run.Setup;
    private readonly BenchmarkServices _services = run.Setup.Services;

    public async Task<LoadOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var (folder, manifest) = Open();
        foreach (var warning in CpuState.Warnings(manifest.CpuState ?? new CpuState().Read(_services.Cores.Client, _services.Cores.Server)))
            _services.Observer.Warn(warning);
        var spreads = KnownSpreads.Newest(_setup.Known.All(), _setup.Request.Group, _setup.Host.Name, _services.Machine);
        foreach (var line in Foresight.Of(run.Plan, RunClock.Expected(run.Plan), spreads.Of)) _services.Observer.Say(line);

        var stored = run.Stored(conditions, cancellationToken);
        foreach (var line in stored.Outlook(run.Plan, _services.Time.GetUtcNow())) _services.Observer.Say(line);

        using var held = MachineLock.Take();
        // Logs that a killed run left.
        foreach (var (left, _) in _setup.Known.All().Where(r => r.Manifest.FinishedUtc is null)) RunDirectory.RedactLogs(left);
        var writer = new RunWriter(folder, _setup.Store);
        manifest = ManifestWriter.With(manifest, run.Plan);
        writer.Write(manifest with { FinishedUtc = null, InvalidTrials = null });
        RunDirectory.PointLatestAt(_setup.Request.RunsFolder, folder.Id);
        run.WriteScripts(Path.Combine(folder.Path, "k6"));
        writer.Add(calibration, second);
        foreach (var ceiling in run.Ceilings) writer.Add(ceiling);

        (manifest, var summary, var reused) = await MeasureAsync(folder, manifest, writer, stored, cancellationToken);
        // A run with a deployment that could not be used is not finished: the same command tries that one again.
        if (summary.Failed == 0)
        {
            // Before anything judges it: what is measured is measured, and a fault in judging it must not cost that.
            manifest = manifest with { FinishedUtc = _services.Time.GetUtcNow() };
            writer.Write(manifest);
            writer.Write(manifest with { InvalidTrials = InvalidResults.InCasesOf(folder, manifest, cancellationToken) });
        }
        return new LoadOutcome(folder, summary, Untouched: false) { Reused = reused };
    }

    /// <summary>The folder of the run: an interrupted one that goes on, or a new one.</summary>
    private (RunFolder Folder, RunManifest Manifest) Open()
    {
        // An interrupted run goes on; with --force only the one that was itself forced.
        if (run.Same() is var (known, of) && of.FinishedUtc is null && (_setup.Request.Force ? known.Id == _setup.Interrupted : !of.Forced))
        {
            _services.Observer.Say($"Going on with {known.Id}, which was not finished");
            return (known, of);
        }
        var id = _setup.NewRunId != _setup.Interrupted ? _setup.NewRunId : _setup.FreshRunId();
        var folder = new RunFolder(Path.Combine(_setup.Request.RunsFolder, id));
        var writer = new ManifestWriter(_services, _setup.Host, _setup.Request, _setup.Seeds, _setup.Fingerprints, run.Stacks);
        return (folder, writer.New(folder.Id, run.Plan, run.Ceilings.Count > 0 ? run.Ceilings[0].Runtime : null));
    }

    private async Task<(RunManifest Manifest, LoadSummary Summary, ReusedResults? Reused)> MeasureAsync(
        RunFolder folder, RunManifest manifest, RunWriter writer, StoredResults stored, CancellationToken cancellationToken)
    {
        var began = _services.Time.GetTimestamp();
        using var checkers = new CheckerPool(_services.Work, run.Models.ByName);
        var jobs = new LoadJobs(_services.Work, _setup.Profile, _setup.Seeds, _services.Catalogue.Folders.Protocols);
        var stage = new BlockRunner(
            _services.Catalogue,
            _services.Work,
            _setup.NewDeployer(),
            new CaseRunner(_services.Drivers, jobs, _services.Cores, _setup.Seeds, conditions, calibration, second, _services.Time),
            _setup.NewCeilingMeter(),
            _setup.Store,
            writer,
            one => _setup.Drawn.Of(one.Workload, one.Model),
            checkers,
            stored,
            _services.Observer,
            _services.Time);
        var summary = await stage.RunAsync(run.Plan, cancellationToken);
        if (!_setup.Request.UntilDecided || summary.Failed > 0) return (manifest, summary, stage.Reused);

        await new RaceLoop(_services.Look!, _setup.Request.Budget, _services.Time, _services.Observer).RunAsync(
            run.Plan,
            (trial, contenders) => _setup
                .NewPlanner(run.Models)
                .Block(_setup.Request, _setup.Workloads, contenders, run.Models.ByName, _setup.Seeds, run.Ceilings, trial),
            async grown =>
            {
                manifest = ManifestWriter.With(manifest, grown);
                writer.Write(manifest with { FinishedUtc = null });
                summary = await stage.RunAsync(grown with { Blocks = [grown.Blocks[^1]] }, cancellationToken);
            },
            () => RunEvaluator.Evaluate(folder, cancellationToken).Cases,
            began);
        return (manifest, summary, stage.Reused);
    }
}
