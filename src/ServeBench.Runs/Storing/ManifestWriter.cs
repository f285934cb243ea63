using ServeBench.Domain.Plans;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Workloads;
using ServeBench.Hosts;
using ServeBench.Hosts.Machine;
using ServeBench.Processes.Cpu;
using ServeBench.Runs.Planning;
using ServeBench.Load.Wire;

namespace ServeBench.Runs.Storing;

/// <summary>Writes down everything that decides a run's numbers, before it begins.</summary>
internal sealed class ManifestWriter(
    BenchmarkServices services, IHost host, RunRequest request, SeedRecord seeds, Fingerprints fingerprints, StackSelection stacks)
{
    /// <param name="id">The run's id.</param>
    /// <param name="plan">What will be done.</param>
    /// <param name="runtime">The raw runtime with its version and settings; null where there is none.</param>
    public RunManifest New(string id, RunPlan plan, string? runtime) => new()
    {
        Id = id,
        Group = plan.Group,
        Items = services.Work.Of(plan.Workloads[0]).Nouns.Items,
        StartedUtc = services.Time.GetUtcNow(),
        PlanFingerprint = plan.Fingerprint,
        Forced = request.Force,
        Raced = request.UntilDecided,
        Command = request.Command,
        Profile = new ProfileRecord(plan.Profile.Name, plan.Profile.Summary, plan.Profile.Quotable, plan.Trials, plan.Profile.Twin,
            plan.Profile.WarmUpWindow.TotalSeconds, plan.Profile.WarmUpLimit.TotalSeconds, plan.Profile.Measure.TotalSeconds),
        Seeds = seeds,
        SeedDrawn = request.Seed is null,
        ProgramsSha256 = MeasuringPrograms.Hash(),
        Machine = services.Machine,
        CpuState = new CpuState().Read(services.Cores.Client, services.Cores.Server),
        ServerMachine = host.Elsewhere,
        Versions = new SortedDictionary<string, string>(host.Versions.Concat(RuntimeOf(runtime)).ToDictionary(), StringComparer.Ordinal)
        {
            ["ServeBench"] = services.Version,
            [".NET"] = services.Machine.DotNet,
            ["load driver"] = $"{services.Drivers.Driver.Name}, ServeBench {services.Version}: "
                + $"{services.Drivers.Reason(plan.Cases.Select(c => c.Protocol))}",
        },
        Models = [.. plan.Models.Select(m => ModelOf(m, plan))],
        Contenders = [.. plan.Contenders.Select(ContenderOf)],
        Workloads = [.. plan.Workloads.Select(w => WorkloadOf(w, plan))],
        Blocks = BlocksOf(plan),
        Trials = TrialsOf(plan),
        NotMeasured = [.. stacks.Left, .. Unchecked(plan)],
    };

    private static IEnumerable<KeyValuePair<string, string>> RuntimeOf(string? runtime) =>
        runtime is null ? [] : [KeyValuePair.Create("ONNX Runtime", runtime)];

    /// <summary>A manifest with the blocks of a plan, and no others.</summary>
    public static RunManifest With(RunManifest manifest, RunPlan plan) =>
        manifest with { Blocks = BlocksOf(plan), Trials = TrialsOf(plan), Profile = manifest.Profile with { Trials = plan.Trials } };

    /// <summary>What the second driver cannot measure.</summary>
    private IEnumerable<NotMeasured> Unchecked(RunPlan plan) =>
        from protocol in services.Drivers.Second is null ? [] : plan.Cases.Select(c => c.Protocol).DistinctBy(p => p.Name)
        where !services.Drivers.Second!.CanDrive(WireFormat.Of(protocol))
        select new NotMeasured(
            $"headlines over {protocol.Name} by {services.Drivers.Second!.Name}",
            $"it does not speak {WireFormat.Of(protocol).Name} here");

    private static IReadOnlyList<IReadOnlyList<string>> BlocksOf(RunPlan plan) =>
        [.. plan.Blocks.Select(b => b.Steps.Select(s => s.Label).ToArray())];

    private static IReadOnlyList<PlannedTrial> TrialsOf(RunPlan plan) =>
        [.. plan.Cases.Select(
            c => new PlannedTrial(
                c.Fingerprint, c.Contender.Label, c.Workload.Name, c.Scenario.Name, c.Shape.Id, c.Trial, RunWriter.TrialFile(c)))];

    private ModelRecord ModelOf(Domain.Models.ModelArtifact model, RunPlan plan)
    {
        var card = services.Catalogue.Model(model.Model);
        return new ModelRecord
        {
            Name = card.Name,
            Title = card.Title,
            Weights = model.Weights,
            WeightsReason = model.WeightsReason,
            WeightsDetail = model.WeightsDetail,
            Sha256 = model.Sha256,
            Repository = card.Source.Repository,
            Revision = card.Source.Revision,
            Licence = card.Licence,
            Parameters = model.Parameters,
            Quality =
            [
                .. plan.Cases
                    .Select(c => c.Model)
                    .Prepend(model)
                    .Where(m => m.Model == model.Model)
                    .DistinctBy(m => m.Precision)
                    .Select(m => m.Quality)
                    .OfType<Domain.Models.QualityRecord>(),
            ],
        };
    }

    private ContenderRecord ContenderOf(Contender contender) => new()
    {
        Label = contender.Label,
        Stack = contender.Stack.Name,
        IsTwin = contender.IsTwin,
        Title = contender.Title,
        Summary = contender.Stack.Summary,
        Track = contender.Track.Name,
        TrackSummary = contender.Track.Summary,
        Precision = contender.Stack.Precision,
        Complexity = contender.Stack.Complexity.Score,
        ComplexityWhy = contender.Stack.Complexity.Why,
        Fingerprint = fingerprints.Stack(contender.Stack, contender.Track),
        Image = host.Image(contender.Stack),
        Endpoint = host.Endpoint(contender.Stack),
        Caches = contender.Stack.IsEndpoint ? null : contender.Stack.Lifecycle.Caches,
        ListensEverywhere = contender.Stack.Lifecycle.Listens == ListeningHabit.EveryInterface,
        Cpus = contender.Stack.IsEndpoint ? []
            : CpuAffinity.IsSupported || host.Elsewhere is not null ? host.ServerCpus(services.Cores) : [],
    };

    private WorkloadRecord WorkloadOf(Workload workload, RunPlan plan) => new(
        workload.Name,
        workload.Title,
        services.Work.Of(workload).Describe(workload.Payload),
        [.. workload.Scenarios.Select(s => new ScenarioRecord(s.Name, s.Title, s.Question,
            [.. plan.Cases
                .Where(c => c.Workload.Name == workload.Name && c.Scenario.Name == s.Name)
                .Select(c => c.Shape)
                .Distinct()
                .OrderBy(s => s.Size)
                .Select(shape => new LevelRecord(shape.Id, shape.Title))]))]);
}
