using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Runs.Calibrating;
using ServeBench.Runs.Loading;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Stages;
using ServeBench.Runs.Storing;
using ServeBench.Work;

namespace ServeBench.Runs;

/// <summary>
/// One group's benchmark. Every stage can be asked for alone: it has the stages before it done as far as they are not, and none is
/// done twice. What a stage does is written in <see cref="Stages"/>, a file each; here is only what each needs of the others.
/// </summary>
public sealed class BenchmarkSession
{
    private readonly RunSetup _setup;
    private readonly Once<PreparedModels> _models;
    private readonly Once<PreparedStacks> _stacks;
    private readonly Once<ConditionsRecord> _conditions;
    private readonly Once<CalibrationRecord> _calibration;
    private readonly Once<IReadOnlyList<CeilingRecord>> _ceilings;
    private readonly Once<PlannedRun> _planned;

    /// <exception cref="FaultException">when what was asked cannot be done; every fault is in it.</exception>
    public BenchmarkSession(BenchmarkServices services, RunRequest request)
    {
        _setup = new RunSetup(services, request);
        _models = new(ct => ModelsStage.RunAsync(_setup, ct));
        _stacks = new(ct => StacksStage.RunAsync(_setup, ct));
        _conditions = new(async ct => await (await DriverAsync(ct)).ConditionsAsync(ct));
        _calibration = new(
            async ct => await (await DriverAsync(ct)).CalibrateAsync(services.Drivers.Driver, await _conditions.GetAsync(ct), ct));
        _ceilings = new(async ct => SweepStage.Run(_setup, await _models.GetAsync(ct), ct));
        _planned = new(
            async ct =>
                new PlannedRun(_setup, await _models.GetAsync(ct), (await _stacks.GetAsync(ct)).Selection, await _ceilings.GetAsync(ct)));
    }

    public RunRequest Request => _setup.Request;

    /// <summary>What people call what goes in and what comes out.</summary>
    public Nouns Nouns => _setup.Work.Nouns;

    /// <summary>The protocols by which the stacks of the run are loaded.</summary>
    public IReadOnlyList<Protocol> Protocols =>
    [
        .. (from workload in _setup.Workloads
            from contender in Selection.Contenders
            select Planner.ProtocolFor(_setup.Services.Catalogue, workload, contender)).DistinctBy(p => p.Name),
    ];

    /// <summary>True when a stack that was to take part cannot, because it could not be prepared.</summary>
    public bool SomeUnprepared => _stacks.Known is { SomeFailed: true };

    /// <summary>Those that take part as far as that is known: a stage that needs no stack does not have them prepared.</summary>
    private StackSelection Selection => _stacks.Known?.Selection ?? _setup.Stacks;

    public async Task<IReadOnlyDictionary<string, ModelArtifact>> ModelsAsync(CancellationToken cancellationToken) =>
        (await _models.GetAsync(cancellationToken)).ByName;

    /// <exception cref="RunFailedException">when it fails for a stack that was asked for by name, or for all.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => _stacks.GetAsync(cancellationToken);

    public Task<CalibrationRecord> CalibrationAsync(CancellationToken cancellationToken) => _calibration.GetAsync(cancellationToken);

    /// <summary>What load tools are compared with: a request of this group's work, and its answer.</summary>
    public async Task<ToolExchange> ToolExchangeAsync(CancellationToken cancellationToken)
    {
        var (workload, model) = _setup.Pairs(await _models.GetAsync(cancellationToken)).First();
        var protocol = Planner.ProtocolFor(_setup.Services.Catalogue, workload, Selection.Contenders[0]);
        return ToolExchange.Of(_setup.Work, model, protocol);
    }

    public Task<IReadOnlyList<CeilingRecord>> CeilingsAsync(CancellationToken cancellationToken) => _ceilings.GetAsync(cancellationToken);

    public async Task<IReadOnlyList<DeploymentRecord>> VerifyAsync(CancellationToken cancellationToken)
    {
        var stacks = await _stacks.GetAsync(cancellationToken);
        return await ParityStage.RunAsync(_setup, await _models.GetAsync(cancellationToken), stacks.Selection, cancellationToken);
    }

    /// <summary>Writes every case as a k6 script.</summary>
    /// <returns>The folder, and the scripts' paths relative to it.</returns>
    public async Task<(string Folder, IReadOnlyList<string> Scripts)> ScriptsAsync(CancellationToken cancellationToken)
    {
        // Of the stacks that could take part: a script needs none that is prepared.
        var planned =
            new PlannedRun(_setup, await _models.GetAsync(cancellationToken), Selection, await _ceilings.GetAsync(cancellationToken));
        var folder = Path.Combine(_setup.Services.ArtifactsFolder, "k6", "scripts", Request.Group, Request.Profile);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        return (folder, planned.WriteScripts(folder));
    }

    /// <summary>The run that is all that was asked for, finished and whole; null when something is left to do.</summary>
    /// <returns>Its folder, and how many cases it has.</returns>
    public async Task<(RunFolder Folder, int Cases)?> CompleteAsync(CancellationToken cancellationToken)
    {
        await _stacks.GetAsync(cancellationToken);
        if (Request.Force || !SweepStage.IsKnown(_setup, await _models.GetAsync(cancellationToken))) return null;
        return (await _planned.GetAsync(cancellationToken)).Complete(cancellationToken);
    }

    /// <summary>Measures everything that the plan holds and is not stored, and fills the run's folder.</summary>
    /// <returns>The run's folder and what was done.</returns>
    public async Task<LoadOutcome> LoadAsync(CancellationToken cancellationToken)
    {
        if (await CompleteAsync(cancellationToken) is var (complete, cases))
        {
            RunDirectory.PointLatestAt(Request.RunsFolder, complete.Id);
            var trials = complete.ReadManifest().Trials.Select(complete.ReadTrial).OfType<TrialRecord>().ToArray();
            return new LoadOutcome(complete, new LoadSummary(0, cases, 0), Untouched: true)
            {
                Reused = ReusedResults.Of(trials, _setup.Services.Time.GetUtcNow()),
            };
        }
        var calibration = await _calibration.GetAsync(cancellationToken);
        var conditions = await _conditions.GetAsync(cancellationToken);
        var second = _setup.Services.Drivers.Second is { } driver
            ? await (await DriverAsync(cancellationToken)).CalibrateAsync(driver, conditions, cancellationToken)
            : null;
        var planned = await _planned.GetAsync(cancellationToken);
        return await new MeasureStage(planned, conditions, calibration, second).RunAsync(cancellationToken);
    }

    private async Task<DriverStage> DriverAsync(CancellationToken cancellationToken) =>
        new(_setup, await _models.GetAsync(cancellationToken), Selection);
}

/// <param name="Folder">The run's folder.</param>
/// <param name="Summary">What was measured and what was reused.</param>
/// <param name="Untouched">True when the run was complete already and nothing was done at all.</param>
public sealed record LoadOutcome(RunFolder Folder, LoadSummary Summary, bool Untouched)
{
    /// <summary>How long ago the reused results were measured; null when there are none.</summary>
    public ReusedResults? Reused { get; init; }
}
