using ServeBench.Domain.Parity;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;

namespace ServeBench.Synthetic;

/// <summary>
/// Writes the folder of a run that never took place, with plausible samples: two stacks and a second appearance of the
/// first, on workloads like those of k6/workloads/embeddings. Seeded: the same settings give the same bytes.
/// </summary>
public sealed class SyntheticRun
{
    public const string Batched = "onnxruntime-dotnet";
    public const string Unbatched = "onnxruntime-dotnet-unbatched";

    public string Id { get; init; } = "20260102T030405Z-embeddings";
    public string Profile { get; init; } = "quick";
    public bool Quotable { get; init; } = true;
    public int Trials { get; init; } = 3;
    public bool Twin { get; init; } = true;
    public double WindowSeconds { get; init; } = 4;
    public bool Calibrated { get; init; } = true;
    public bool Finished { get; init; } = true;
    public string Weights { get; init; } = "seeded";
    public IReadOnlyList<SyntheticWorkload> Workloads { get; init; } = SyntheticWorkload.Quick;

    /// <summary>How a contender behaves in a case; seeded noise comes on top.</summary>
    public Func<CaseRecord, LoadRecord, SyntheticBehaviour> Behaviour { get; init; } = SyntheticBehaviour.Usual;

    /// <summary>Last changes to a record before it is written; null leaves the trial unmeasured.</summary>
    public Func<TrialRecord, TrialRecord?> Change { get; init; } = record => record;

    public Func<ContenderRecord, ContenderRecord> ChangeContender { get; init; } = record => record;

    public Func<DeploymentRecord, DeploymentRecord> ChangeDeployment { get; init; } = record => record;

    public IReadOnlyList<NotMeasured> NotMeasured { get; init; } =
        [new("fastapi-onnxruntime on docker", "no container engine answers here")];

    private DateTimeOffset Started => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>The first of them takes part twice when there is a twin.</summary>
    public IReadOnlyList<SyntheticStack> Stacks { get; init; } =
        [new(Batched, "ONNX Runtime .NET", 2), new(Unbatched, "ONNX Runtime .NET, unbatched", 2)];

    private IReadOnlyList<ContenderRecord> Contenders =>
        [.. Stacks.Select(s => Contender(s, isTwin: false)).Select(ChangeContender), .. Twin ? [ChangeContender(Contender(Stacks[0], isTwin: true))] : (ContenderRecord[])[]];

    /// <summary>Writes everything below a new folder of the run's id.</summary>
    public RunFolder Write(string parent)
    {
        var folder = new RunFolder(Path.Combine(parent, Id));
        var planned = new List<PlannedTrial>();
        for (var trial = 1; trial <= Trials; trial++)
        {
            foreach (var contender in Contenders) planned.AddRange(Deploy(folder, contender, trial));
        }
        foreach (var workload in Workloads) WriteCeilings(folder, workload);
        if (Calibrated) RunFolder.WriteJson(folder.CalibrationFile, Calibration(), DomainJson.Readable.CalibrationRecord);
        RunFolder.WriteJson(folder.ManifestFile, Manifest(planned), DomainJson.Readable.RunManifest);
        return folder;
    }

    private List<PlannedTrial> Deploy(RunFolder folder, ContenderRecord contender, int trial)
    {
        var dice = new Dice(Dice.SeedOf($"{contender.Label} {trial}"));
        var deployment = ChangeDeployment(new DeploymentRecord
        {
            Id = $"{Id}-{Slug(contender.Label)}-{trial}",
            Fingerprint = Fingerprint($"deployment {contender.Stack}"),
            Contender = contender.Label,
            Stack = contender.Stack,
            IsTwin = contender.IsTwin,
            Track = contender.Track,
            Model = SyntheticManifest.Model,
            Weights = Weights,
            Precision = contender.Precision,
            Host = "process",
            Trial = trial,
            MeasuredByRun = Id,
            StartedUtc = Started.AddMinutes(trial),
            ColdStartSeconds = 0.41 + (0.05 * dice.Next()),
            Parity = new ParityRecord(true, 8, 3.1e-7, 0.9999998, 1e-4, 0.9999, "") { Answers = [VectorText.Of(Answer(contender.Stack))] },
            Command = "ServeBench.OnnxServer --urls=http://127.0.0.1:0 --threads=1",
            Cpus = [1],
        });
        RunFolder.WriteJson(Path.Combine(folder.Deployments, $"{Slug(contender.Label)}-{trial}.json"), deployment, DomainJson.Readable.DeploymentRecord);
        var planned = new List<PlannedTrial>();
        foreach (var workload in Workloads)
        {
            foreach (var (scenario, level, load) in workload.Cases(WindowSeconds))
            {
                var file = $"trials/{workload.Name}/{scenario.Name}/{level.Id}/{Slug(contender.Label)}-{trial}.json";
                var of = SyntheticManifest.Case(contender, workload.Name, scenario, level.Id, trial, Weights);
                planned.Add(new PlannedTrial(Fingerprint(Named(of)), contender.Label, workload.Name, scenario.Name, level.Id, trial, file));
                Measure(folder, file, of, load, deployment);
            }
        }
        return planned;
    }

    /// <summary>Every stack's is a little different, and its deployments agree.</summary>
    private float[] Answer(string stack) => [0.6f, 0.8f, 1e-7f * Stacks.Select(s => s.Name).ToList().IndexOf(stack)];

    /// <summary>What a case is seeded by: members that records were given later, and that no synthetic case sets, do not change what was approved.</summary>
    private static string Named(CaseRecord of) => $"{of}".Replace($", {nameof(of.IsDriverCheck)} = False", "", StringComparison.Ordinal);

    private void Measure(RunFolder folder, string file, CaseRecord of, LoadRecord load, DeploymentRecord deployment)
    {
        var behaviour = Behaviour(of, load);
        var dice = new Dice(Dice.SeedOf(Named(of)));
        var samples = SyntheticLoad.Samples(behaviour, load, WindowSeconds, dice);
        var path = Path.Combine(folder.Path, file);
        var stream = new MemoryStream();
        SampleFile.Write(stream, samples);
        var record = Change(SyntheticManifest.Trial(of, load, deployment, behaviour, samples, WindowSeconds, dice) with
        {
            Fingerprint = Fingerprint(Named(of)),
            SamplesSha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(stream.ToArray())),
        });
        if (record is null || deployment.Failure is not null || deployment.Parity is { Passed: false }) return;
        AtomicFile.Write(RunFolder.SamplesFileOf(path), s => s.Write(stream.ToArray()));
        RunFolder.WriteJson(path, record, DomainJson.Readable.TrialRecord);
    }

    private void WriteCeilings(RunFolder folder, SyntheticWorkload workload)
    {
        for (var trial = 0; trial <= Trials; trial++)
        {
            var dice = new Dice(Dice.SeedOf($"ceiling {workload.Name} {trial}"));
            var best = workload.CeilingPerSecond * (1 + (0.01 * dice.Bell()));
            var record = new CeilingRecord
            {
                Fingerprint = Fingerprint($"ceiling {workload.Name}"),
                Workload = workload.Name,
                Model = SyntheticManifest.Model,
                Weights = Weights,
                Precision = "fp32",
                Trial = trial,
                MeasuredByRun = Id,
                StartedUtc = Started.AddMinutes(trial),
                BatchSize = 8,
                ItemsPerSecond = best,
                Sweep = trial > 0
                    ? [new CeilingPoint(8, best, 120)]
                    : [new CeilingPoint(1, best * 0.86, 900), new CeilingPoint(8, best, 120), new CeilingPoint(32, best * 0.98, 30)],
                Cpus = [1],
                Runtime = "ONNX Runtime 1.29.0, 1 thread",
            };
            RunFolder.WriteJson(Path.Combine(folder.Ceilings, $"{workload.Name}-{trial}.json"), record, DomainJson.Readable.CeilingRecord);
        }
    }

    private CalibrationRecord Calibration() => new()
    {
        Fingerprint = Fingerprint("calibration"),
        Driver = "native (epoll)",
        MeasuredByRun = Id,
        StartedUtc = Started,
        RequestBytes = 600,
        ResponseBytes = 4000,
        MaximumRequestsPerSecond = 41250,
        Points = [new CalibrationPoint(1, 11200, 2.1e-5), new CalibrationPoint(64, 41250, 1.7e-5)],
        Lateness = new LatenessPoint(2000, 4.1e-5, 3.2e-4, 0.0011),
        Truth = new TruthCheck("lognormal, p50 5 ms, p99 50 ms", 500, 2000, [new TruthPoint(50, 0.00501, 0.00504), new TruthPoint(99, 0.0497, 0.0498)]),
        ClientCpus = [0],
        ServerCpus = [1],
    };

    private RunManifest Manifest(IReadOnlyList<PlannedTrial> planned) => SyntheticManifest.Manifest(
        Id, Started, Finished ? Started.AddMinutes(5) : null, new ProfileRecord(Profile, $"the {Profile} profile", Quotable, Trials, Twin, 0.5, 4, WindowSeconds),
        Weights, Contenders, [.. Workloads.Select(w => w.Record(WindowSeconds))], planned, NotMeasured);

    private static ContenderRecord Contender(SyntheticStack stack, bool isTwin) => new()
    {
        Label = Track.Label(stack.Name, stack.Track) + (isTwin ? Domain.Plans.Contender.TwinSuffix : ""),
        Stack = stack.Name,
        IsTwin = isTwin,
        Title = Track.Label(stack.Title, stack.Track),
        Summary = $"a server that does not exist, called {stack.Name}",
        Track = stack.Track,
        Precision = "fp32",
        Complexity = stack.Complexity,
        ComplexityWhy = stack.Complexity < 5 ? "one self-contained program and one model folder" : "a scheduler, a queue and three configuration files",
        Fingerprint = Fingerprint(stack.Name),
        Cpus = [1],
    };

    private static string Fingerprint(string of)
    {
        using var hash = new ContentHash();
        return hash.Add("of", of).Finish();
    }

    private static string Slug(string label) => label.Replace(" (again)", "-again").Replace(", ", "-");
}

public sealed record SyntheticStack(string Name, string Title, int Complexity, string Track = Track.Default);
