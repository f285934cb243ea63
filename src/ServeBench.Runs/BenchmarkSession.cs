using ServeBench.Domain.Faults;
using ServeBench.Domain.Models;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Hosts.Machine;
using ServeBench.Measurement.Evaluation;
using ServeBench.Models.Store;
using ServeBench.Runs.Calibrating;
using ServeBench.Runs.Ceilings;
using ServeBench.Runs.Deploying;
using ServeBench.Runs.Loading;
using ServeBench.Runs.Payloads;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Racing;
using ServeBench.Runs.Storing;
using ServeBench.Work;

namespace ServeBench.Runs;

/// <summary>
/// One group's benchmark, stage by stage. Every stage can be asked for alone: it does the stages before it as far as they are
/// not done, and none is done twice.
/// </summary>
public sealed class BenchmarkSession
{
    private readonly BenchmarkServices _services;
    private readonly KnownRuns _known;
    private readonly IHost _host;
    private readonly Profile _profile;
    private readonly SeedRecord _seeds;
    private readonly IReadOnlyList<Workload> _workloads;
    private StackSelection _stacks;
    private readonly Fingerprints _fingerprints;
    private readonly ResultStore _store;
    private readonly DrawnWorkloads _drawn;

    /// <summary>With <c>--force</c>: the interrupted run of the same command, whose own results may be reused.</summary>
    private readonly string? _interrupted;

    /// <summary>The run that will be begun, or gone on with.</summary>
    private readonly string _newRunId;
    private IReadOnlyDictionary<string, ModelArtifact>? _models;
    private readonly Dictionary<(string Model, string Precision), ModelArtifact> _variants = [];
    private bool _isPrepared;
    private CalibrationRecord? _calibration;
    private IReadOnlyList<CeilingRecord>? _ceilings;
    private InvalidResults? _invalid;

    /// <exception cref="FaultException">when what was asked cannot be done; every fault is in it.</exception>
    public BenchmarkSession(BenchmarkServices services, RunRequest request)
    {
        _services = services;
        Request = request;
        _known = new KnownRuns(request, services.Observer);
        _host = services.Hosts.Get(request.Host);
        if (request.UntilDecided && services.Look is null) throw new FaultException(new Fault("--until", null, null, "there is no stopping rule in this program", "Leave --until out, and name a number of --trials"));
        if (_host.Unavailable() is { } obstacle) throw new FaultException(new Fault("--host", null, null, $"{_host.Name}: {obstacle.Problem}", obstacle.Remedy));
        _profile = services.Catalogue.Profile(request.Profile);
        _seeds = Seeds.From(request.Seed ?? _known.DrawnSeed() ?? Seeds.Draw());
        _workloads = WorkloadSelection.Of(services.Catalogue, request);
        _stacks = StackSelection.Of(services.Catalogue, _host, request, _workloads, _profile, services.Drivers);
        _fingerprints = new Fingerprints(services.Catalogue, _host, services.Machine, services.Cores, MeasuringPrograms.Hash());
        _store = new ResultStore(Path.Combine(services.ArtifactsFolder, "results"));
        _drawn = new DrawnWorkloads(services.Catalogue, services.Work, _seeds);
        _interrupted = request.Force ? _known.InterruptedForced() : null;
        _newRunId = _interrupted ?? RunDirectory.NewId(request.RunsFolder, request.Group, services.Time.GetUtcNow());
    }

    public RunRequest Request { get; }

    /// <summary>What people call what goes in and what comes out.</summary>
    public Nouns Nouns => _services.Work.Of(_workloads[0]).Nouns;

    /// <summary>The protocols by which the stacks of the run are loaded.</summary>
    public IReadOnlyList<Protocol> Protocols =>
    [
        .. (from workload in _workloads from contender in _stacks.Contenders select Planner.ProtocolFor(_services.Catalogue, workload, contender)).DistinctBy(p => p.Name),
    ];

    /// <summary>True when a stack that was to take part cannot, because it could not be prepared.</summary>
    public bool SomeUnprepared { get; private set; }

    /// <summary>Prepares every model of the run.</summary>
    public async Task<IReadOnlyDictionary<string, ModelArtifact>> ModelsAsync(CancellationToken cancellationToken)
    {
        if (_models is not null) return _models;
        var models = new Dictionary<string, ModelArtifact>();
        foreach (var name in WorkloadSelection.ModelsOf(_services.Catalogue, Request, _workloads))
        {
            var request = new ModelRequest { Weights = Request.Weights, Offline = Request.Offline };
            models[name] = await _services.Models.PrepareAsync(_services.Catalogue.Model(name), request, _services.Observer, cancellationToken);
            foreach (var precision in Request.Precisions.Where(p => p != Domain.Models.Precisions.Single))
                _variants[(name, precision)] = await _services.Models.PrepareAsync(_services.Catalogue.Model(name), request with { Precision = precision }, _services.Observer, cancellationToken);
        }
        return _models = models;
    }

    /// <summary>Has the host do what it must before it can deploy the stacks: build their images, where there are images.</summary>
    /// <exception cref="RunFailedException">when it fails for a stack that was asked for by name, or for all.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_isPrepared) return;
        var stacks = _stacks.Contenders.Select(c => c.Stack).DistinctBy(s => s.Name).ToArray();
        var failed = await _host.PrepareAsync(stacks, new PrepareOptions(Force: false, Request.Offline), _services.Observer, cancellationToken);
        foreach (var (stack, obstacle) in failed) _services.Observer.Warn($"{stack} takes no part: {obstacle}");
        _stacks = _stacks.Without(failed, Request.Stacks, _profile);
        SomeUnprepared = failed.Count > 0;
        _isPrepared = true;
    }

    /// <summary>Measures the driver against the null server, unless that is known for this machine already.</summary>
    public async Task<CalibrationRecord> CalibrationAsync(CancellationToken cancellationToken)
    {
        if (_calibration is not null) return _calibration;
        var models = await ModelsAsync(cancellationToken);
        // Against the largest requests and answers of the run: what the driver can do with those, it can do with all.
        var (workload, model, payloads, _) = Largest(models);
        var protocol = Planner.ProtocolFor(_services.Catalogue, workload, _stacks.Contenders[0]);
        var stage = new CalibrationStage(_services, _profile, _seeds, _fingerprints, _store);
        return _calibration = await stage.MeasureAsync(_services.Work.Of(workload), payloads, model, protocol, _newRunId, MayReuse, cancellationToken);
    }

    /// <summary>Sweeps the raw runtime over batch sizes, for every workload and model of the run.</summary>
    public async Task<IReadOnlyList<CeilingRecord>> CeilingsAsync(CancellationToken cancellationToken)
    {
        if (_ceilings is not null) return _ceilings;
        var models = await ModelsAsync(cancellationToken);
        var pairs = Pairs(models).ToArray();
        var records = new List<CeilingRecord>();
        var missing = pairs.Count(p => KnownCeiling(p.Workload, p.Model) is null);
        using var step = missing == 0 ? null : _services.Observer.Begin("Measuring the raw runtime", missing * CeilingStage.BatchSizes.Count * _profile.Ceiling);
        using var held = missing == 0 ? null : MachineLock.Take();
        foreach (var (workload, model) in pairs)
        {
            var record = KnownCeiling(workload, model);
            if (record is null)
            {
                step!.Report(null, workload.Name);
                record = NewCeilingStage().Measure(workload, model, CeilingStage.BatchSizes, _profile, 0, CeilingFingerprint(workload, model), _newRunId, cancellationToken);
                _store.Keep(record);
            }
            records.Add(record);
        }
        return _ceilings = records;
    }

    /// <summary>Deploys every stack once and compares its answers with the references, without any load.</summary>
    public async Task<IReadOnlyList<DeploymentRecord>> VerifyAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        var models = await ModelsAsync(cancellationToken);
        var records = new List<DeploymentRecord>();
        using var held = MachineLock.Take();
        foreach (var contender in _stacks.Contenders.Where(c => !c.IsTwin))
        {
            foreach (var model in models.Values)
            {
                using var step = _services.Observer.Begin($"Verifying {contender.Label} with {model.Model}");
                var id = $"verify.{contender.FileName}_.{FileNames.Of(model.Model)}";
                var protocols = from pair in Pairs(models) where pair.Model == model select Planner.ProtocolFor(_services.Catalogue, pair.Workload, contender);
                var order = new DeployOrder(id, "", contender, _services.Work.Of(_workloads[0]), Variant(model, contender), [.. protocols.DistinctBy(p => p.Name)], 0, _newRunId,
                    Path.Combine(_services.ArtifactsFolder, "logs", $"{id}.log"));
                var (ready, record) = await NewDeployer().DeployAsync(order, cancellationToken);
                if (ready is not null) await ready.DisposeAsync();
                records.Add(record);
            }
        }
        return records;
    }

    /// <summary>Writes every case as a k6 script.</summary>
    /// <returns>The folder, and the scripts' paths relative to it.</returns>
    public async Task<(string Folder, IReadOnlyList<string> Scripts)> ScriptsAsync(CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(cancellationToken);
        var folder = Path.Combine(_services.ArtifactsFolder, "k6", "scripts", Request.Group, Request.Profile);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        return (folder, NewScriptStage(await CeilingsAsync(cancellationToken)).Write(plan, folder));
    }

    /// <summary>The run that is all that was asked for, finished and whole; null when something is left to do.</summary>
    /// <returns>Its folder, and how many cases it has.</returns>
    public async Task<(RunFolder Folder, int Cases)?> CompleteAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        var models = await ModelsAsync(cancellationToken);
        if (Request.Force || Pairs(models).Any(p => KnownCeiling(p.Workload, p.Model) is null)) return null;
        var plan = await PlanAsync(cancellationToken);
        var same = _known.All().FirstOrDefault(r => r.Manifest.PlanFingerprint == plan.Fingerprint);
        return Invalid(plan, cancellationToken).Count == 0 && same.Manifest?.FinishedUtc is not null && plan.Cases.All(new RunWriter(same.Folder, _store).Has) ? (same.Folder, plan.Cases.Count()) : null;
    }

    /// <summary>Measures everything that the plan holds and is not stored, and fills the run's folder.</summary>
    /// <returns>The run's folder and what was done.</returns>
    public async Task<LoadOutcome> LoadAsync(CancellationToken cancellationToken)
    {
        if (await CompleteAsync(cancellationToken) is var (complete, cases))
        {
            RunDirectory.PointLatestAt(Request.RunsFolder, complete.Id);
            return new LoadOutcome(complete, new LoadSummary(0, cases, 0), Untouched: true);
        }
        var models = await ModelsAsync(cancellationToken);
        var calibration = await CalibrationAsync(cancellationToken);
        var ceilings = await CeilingsAsync(cancellationToken);
        var plan = await PlanAsync(cancellationToken);

        var same = _known.All().FirstOrDefault(r => r.Manifest.PlanFingerprint == plan.Fingerprint);
        var manifest = same.Manifest;
        // An interrupted run goes on; with --force only the one that was itself forced.
        var goesOn = same.Folder is not null && manifest.FinishedUtc is null && (Request.Force ? same.Folder.Id == _interrupted : !manifest.Forced);
        var id = _newRunId != _interrupted ? _newRunId : RunDirectory.NewId(Request.RunsFolder, Request.Group, _services.Time.GetUtcNow());
        var folder = goesOn ? same.Folder! : new RunFolder(Path.Combine(Request.RunsFolder, id));
        manifest = goesOn ? manifest : new ManifestWriter(_services, _host, Request, _seeds, _fingerprints, _stacks).New(folder.Id, plan, ceilings[0].Runtime);
        foreach (var warning in CpuState.Warnings(manifest.CpuState ?? new CpuState().Read(_services.Cores.Client, _services.Cores.Server))) _services.Observer.Warn(warning);
        if (goesOn) _services.Observer.Say($"Going on with {folder.Id}, which was not finished");

        var spreads = KnownSpreads.Newest(_known.All(), Request.Group, _host.Name, _services.Machine);
        foreach (var line in Foresight.Of(plan, RunClock.Expected(plan), spreads.GetValueOrDefault)) _services.Observer.Say(line);

        using var held = MachineLock.Take();
        var began = _services.Time.GetTimestamp();
        var writer = new RunWriter(folder, _store);
        manifest = ManifestWriter.With(manifest, plan);
        writer.Write(manifest with { FinishedUtc = null });
        RunDirectory.PointLatestAt(Request.RunsFolder, folder.Id);
        NewScriptStage(ceilings).Write(plan, Path.Combine(folder.Path, "k6"));
        writer.Add(calibration);
        foreach (var ceiling in ceilings) writer.Add(ceiling);

        var checkers = new CheckerPool(_services.Work, models);
        LoadSummary summary;
        using (checkers)
        {
            var stage = new LoadStage(
                _services.Catalogue, _services.Work, NewDeployer(), new CaseRunner(_services.Drivers, new LoadJobs(_services.Work, _profile, _seeds, _services.Catalogue.Folders.Protocols), _services.Cores, _seeds, calibration, _services.Time), NewCeilingStage(), _store, writer,
                one => _drawn.Of(one.Workload, one.Model), checkers, Invalid(plan, cancellationToken), _services.Observer);
            summary = await stage.RunAsync(plan, MayReuse, cancellationToken);
            if (Request.UntilDecided && summary.Failed == 0)
            {
                plan = await new RaceLoop(_services.Look!, Request.Budget, _services.Time, _services.Observer).RunAsync(
                    plan,
                    (trial, contenders) => NewPlanner().Block(Request, _workloads, contenders, models, _seeds, ceilings, trial),
                    async grown =>
                    {
                        manifest = ManifestWriter.With(manifest, grown);
                        writer.Write(manifest with { FinishedUtc = null });
                        summary = await stage.RunAsync(grown with { Blocks = [grown.Blocks[^1]] }, MayReuse, cancellationToken);
                    },
                    () => RunEvaluator.Evaluate(folder, cancellationToken).Cases,
                    began);
            }
        }
        // A run with a deployment that could not be used is not finished: the same command tries that one again.
        if (summary.Failed == 0) writer.Write(manifest with { FinishedUtc = _services.Time.GetUtcNow() });
        return new LoadOutcome(folder, summary, Untouched: false);
    }

    /// <summary>Every workload with each of its models.</summary>
    private IEnumerable<(Workload Workload, ModelArtifact Model)> Pairs(IReadOnlyDictionary<string, ModelArtifact> models) =>
        from workload in _workloads
        from name in WorkloadSelection.ModelsOf(_services.Catalogue, Request, workload)
        select (workload, models[name]);

    private (Workload Workload, ModelArtifact Model, WorkloadPayloads Payloads, int RequestBytes) Largest(IReadOnlyDictionary<string, ModelArtifact> models) => (
        from pair in Pairs(models)
        let payloads = _drawn.Of(pair.Workload, pair.Model)
        select (pair.Workload, pair.Model, payloads, payloads.Requests.Max(r => r.Size))).MaxBy(p => p.Item4);

    private string CeilingFingerprint(Workload workload, ModelArtifact model) => _fingerprints.Ceiling(workload, model, _profile, _seeds, 0, null);

    private CeilingRecord? KnownCeiling(Workload workload, ModelArtifact model) =>
        _store.Ceiling(CeilingFingerprint(workload, model)) is { } known && MayReuse(known.MeasuredByRun) ? known : null;

    /// <summary>With <c>--force=invalid</c> the stored trials to measure again, as they were when this command began.</summary>
    private InvalidResults Invalid(RunPlan plan, CancellationToken cancellationToken) => _invalid ??= InvalidResults.Of(Request, plan, _known, _store, cancellationToken);

    /// <summary>Whether a result that a run has measured may stand in for measuring again.</summary>
    private bool MayReuse(string run) => !Request.Force || run == _interrupted;

    private async Task<RunPlan> PlanAsync(CancellationToken cancellationToken) =>
        NewPlanner().Plan(
            Request, _workloads, _stacks.Contenders, await ModelsAsync(cancellationToken), _seeds, await CeilingsAsync(cancellationToken));

    /// <summary>The model in the precision that a contender serves.</summary>
    private ModelArtifact Variant(ModelArtifact model, Contender contender) => _variants.GetValueOrDefault((model.Model, contender.Stack.Precision), model);

    private Planner NewPlanner() => new(_services.Catalogue, _host, _fingerprints, _services.Drivers, Variant);

    private ScriptStage NewScriptStage(IReadOnlyList<CeilingRecord> ceilings) => new(_services.Work, _services.Catalogue.Folders, _profile, _seeds, new CommonRates(ceilings), one => _drawn.Of(one.Workload, one.Model));

    private Deployer NewDeployer() => new(_services.Catalogue, _host, _services.Cores, _services.Time);

    private CeilingStage NewCeilingStage() => new(_services.Work, _drawn, _services.Cores, _services.Time);
}

/// <param name="Folder">The run's folder.</param>
/// <param name="Summary">What was measured and what was reused.</param>
/// <param name="Untouched">True when the run was complete already and nothing was done at all.</param>
public sealed record LoadOutcome(RunFolder Folder, LoadSummary Summary, bool Untouched);
