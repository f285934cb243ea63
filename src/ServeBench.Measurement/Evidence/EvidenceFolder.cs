using ServeBench.Domain.Plans;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;

namespace ServeBench.Measurement.Evidence;

/// <summary>
/// Writes samples of one case, real or made up, as the folder of a run, with what a report needs besides and no more: dates and machine are
/// placeholders, so that the same samples give the same bytes.
/// </summary>
/// <param name="parent">Gets the run's folder.</param>
/// <param name="id">The run's name.</param>
/// <param name="scenario">What was asked, with the one level.</param>
/// <param name="load">How.</param>
/// <param name="stacks">How many stacks take part.</param>
/// <param name="command">What makes it again.</param>
public sealed class EvidenceFolder(string parent, string id, ScenarioRecord scenario, LoadRecord load, int stacks, string command)
{
    private const string Group = "evidence";
    private const string Model = "none";
    private static readonly DateTimeOffset Started = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly RunFolder _folder = new(Path.Combine(parent, id));
    private readonly List<PlannedTrial> _planned = [];

    public static string Name(int stack) => $"stack-{stack + 1}";

    /// <summary>A load of single items without an objective; its shape is the caller's to say (<see cref="LoadShape.In"/>).</summary>
    public static LoadRecord Load { get; } = new()
    {
        Loop = Loop.Closed.Name,
        ItemsPerRequest = 1,
        DistinctPayloads = 1,
        MeanRequestBytes = 400,
        PayloadSeed = 1,
        ArrivalSeed = 2,
        DeadlineSeconds = 10,
        ObjectiveErrorRate = 0.001,
        Driver = "native",
    };

    /// <summary>Adds a trial.</summary>
    public void Add(int stack, int trial, SampleTable samples, double windowSeconds, WarmUpRecord warmUp, ClientUse client)
    {
        var file = $"trials/{Name(stack)}-{trial}.json";
        var path = Path.Combine(_folder.Path, file);
        var samplesFile = RunFolder.SamplesFileOf(path);
        AtomicFile.Write(samplesFile, stream => SampleFile.Write(stream, samples));
        var record = Record(samples.Count, samplesFile, stack, trial, windowSeconds, warmUp, client);
        RunFolder.WriteJson(path, record, DomainJson.Readable.TrialRecord);
        _planned.Add(new PlannedTrial($"{stack}-{trial}", Name(stack), Group, scenario.Name, scenario.Levels[0].Id, trial, file));
    }

    /// <summary>Writes what belongs to all trials, over what an earlier call has written.</summary>
    /// <param name="trials">Only so many of each stack belong to the run: the first.</param>
    public RunFolder Finish(int trials = int.MaxValue)
    {
        RunFolder.WriteJson(_folder.ManifestFile, Manifest([.. _planned.Where(p => p.Trial <= trials)]), DomainJson.Readable.RunManifest);
        return _folder;
    }

    private TrialRecord Record(
        int samples, string samplesFile, int stack, int trial, double windowSeconds, WarmUpRecord warmUp, ClientUse client) => new()
    {
        Fingerprint = $"{stack}-{trial}",
        Case = new CaseRecord
        {
            Group = Group,
            Workload = Group,
            Scenario = scenario.Name,
            Question = scenario.Question,
            Level = scenario.Levels[0].Id,
            Contender = Name(stack),
            Stack = Name(stack),
            IsTwin = false,
            Track = Domain.Stacks.Track.Default,
            Model = Model,
            Weights = "seeded",
            Precision = "fp32",
            Host = "process",
            Protocol = "synthetic",
            Trial = trial,
        },
        Load = load,
        MeasuredByRun = id,
        StartedUtc = Started.AddMinutes(trial),
        DeploymentId = $"{id}-{stack}-{trial}",
        WarmUp = warmUp,
        WindowSeconds = windowSeconds,
        Client = client,
        Server = new ServerUse { Cpus = [1], Source = "not measured" },
        Checks = new AnswerChecks(0, 0, null),
        SampleCount = samples,
        SamplesSha256 = ContentHash.OfFile(samplesFile),
    };

    private RunManifest Manifest(IReadOnlyList<PlannedTrial> planned) => new()
    {
        Id = id,
        Group = Group,
        StartedUtc = Started,
        FinishedUtc = Started.AddHours(2),
        PlanFingerprint = "synthetic",
        Command = command,
        Profile = new ProfileRecord(Group, "evidence of the procedure", Quotable: false, planned.Max(p => p.Trial), Twin: false, 0.5, 4, 1),
        Seeds = new SeedRecord(1, 1, 2, 3),
        Machine = new MachineRecord
        {
            Cpu = "none",
            LogicalCores = 2,
            MemoryBytes = 1L << 33,
            OperatingSystem = "none",
            Kernel = "none",
            Architecture = "none",
            Accelerators = [],
            DotNet = "none",
        },
        Versions = new Dictionary<string, string>(),
        Models =
        [
            new ModelRecord
            {
                Name = Model,
                Title = Model,
                Weights = "seeded",
                WeightsReason = "there is no model",
                Sha256 = "0",
                Repository = "none",
                Revision = "none",
                Licence = "none",
                Parameters = 1,
            },
        ],
        Contenders =
        [
            .. Enumerable.Range(0, stacks).Select(s => new ContenderRecord
            {
                Label = Name(s),
                Stack = Name(s),
                IsTwin = false,
                Title = Name(s),
                Summary = "a server that does nothing",
                Track = Domain.Stacks.Track.Default,
                Precision = "fp32",
                Complexity = 1,
                ComplexityWhy = "it does nothing",
                Fingerprint = Name(s),
                Cpus = [1],
            }),
        ],
        Workloads = [new WorkloadRecord(Group, "Requests of no meaning", "synthetic", [scenario])],
        Blocks =
        [
            .. Enumerable.Range(1, planned.Max(p => p.Trial))
                .Select(_ => (IReadOnlyList<string>)[.. Enumerable.Range(0, stacks).Select(Name)]),
        ],
        Trials = planned,
        NotMeasured = [],
    };
}
