using System.Security.Cryptography;
using ServeBench.Domain.Samples;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Measurement.Metrics;
using ServeBench.Measurement.Statistics;

namespace ServeBench.Measurement.Evidence;

/// <summary>
/// A run that never took place, as large as asked for: Poisson-like arrivals and log-normal latencies. Seeded: the same sizes give the
/// same bytes. It holds what a report needs and no more.
/// </summary>
/// <param name="Stacks">Stacks, each slower than the one before.</param>
/// <param name="Trials">Trials of each.</param>
/// <param name="SamplesEach">Samples of each trial.</param>
public sealed record ScaleRun(int Stacks, int Trials, int SamplesEach)
{
    public const string Id = "20260102T030405Z-scale";
    private const double RatePerSecond = 2000;
    private const string Model = "synthetic";
    private static readonly DateTimeOffset Started = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly LevelRecord Level = new("poisson-2000", "2000 requests/s, Poisson");
    private static readonly ScenarioRecord Scenario =
        new("steady", "Latency at a fixed rate, the same for every stack", "latency", [Level]);
    private static readonly LatencyPercentile[] Percentiles =
        [.. new LatencyPercentiles().Members.OfType<LatencyPercentile>().Where(p => p.IsEndToEnd)];

    public long Samples => (long)Stacks * Trials * SamplesEach;

    private double WindowSeconds => SamplesEach / RatePerSecond;

    /// <summary>Writes the run below a folder, one trial at a time.</summary>
    /// <returns>Its folder, and the percentiles of every trial as a plain sort of all its latencies gives them.</returns>
    public (RunFolder Folder, IReadOnlyList<PlainPercentile> Plain) Write(string parent, CancellationToken cancellationToken = default)
    {
        var folder = new RunFolder(Path.Combine(parent, Id));
        var planned = new List<PlannedTrial>();
        var plain = new List<PlainPercentile>();
        for (var trial = 1; trial <= Trials; trial++)
        {
            for (var stack = 0; stack < Stacks; stack++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var file = $"trials/{Name(stack)}-{trial}.json";
                planned.Add(new PlannedTrial($"{stack}-{trial}", Name(stack), "scale", Scenario.Name, Level.Id, trial, file));
                plain.AddRange(WriteTrial(folder, file, stack, trial));
            }
        }
        RunFolder.WriteJson(folder.ManifestFile, Manifest(planned), DomainJson.Readable.RunManifest);
        return (folder, plain);
    }

    private static string Name(int stack) => $"stack-{stack + 1}";

    private IEnumerable<PlainPercentile> WriteTrial(RunFolder folder, string file, int stack, int trial)
    {
        var samples = Table(stack, trial);
        var path = Path.Combine(folder.Path, file);
        var samplesFile = RunFolder.SamplesFileOf(path);
        AtomicFile.Write(samplesFile, stream => SampleFile.Write(stream, samples));
        RunFolder.WriteJson(path, Record(samples.Count, samplesFile, stack, trial), DomainJson.Readable.TrialRecord);
        var latencies = new long[samples.Count];
        for (var i = 0; i < latencies.Length; i++) latencies[i] = samples[i].EndToEnd;
        Array.Sort(latencies);
        return
        [
            .. from percentile in Percentiles
               where SampleSupport.Supports(percentile.Share, latencies.Length)
               let nanoseconds = Percentile.OfSorted(latencies, percentile.Share)
               select new PlainPercentile(Name(stack), trial, percentile.Id, nanoseconds / SampleDigest.NanosecondsPerSecond),
        ];
    }

    /// <summary>In the order in which requests finish, as a driver writes them.</summary>
    private SampleTable Table(int stack, int trial)
    {
        var noise = new SeededNoise((ulong)((trial * 1000) + stack));
        var median = 5e6 * (1 + (0.1 * stack)) * Math.Exp(0.03 * noise.Normal());
        var table = new SampleTable(SamplesEach);
        var inFlight = new PriorityQueue<Sample, long>();
        for (var i = 0; i < SamplesEach; i++)
        {
            var intended = (long)((i + noise.Uniform()) * 1e9 / RatePerSecond);
            while (inFlight.TryPeek(out var done, out var last) && last <= intended) table.Add(Finished(inFlight, done));
            var sent = intended + 15_000 + (long)(40_000 * noise.Uniform());
            var answered = sent + 50_000 + (long)(median * Math.Exp(0.6 * noise.Normal()));
            inFlight.Enqueue(new Sample(intended, sent, answered - 20_000, answered, Outcome.Success, 200, 1, 4096 + (i % 7), i), answered);
        }
        while (inFlight.TryPeek(out var done, out _)) table.Add(Finished(inFlight, done));
        return table;
    }

    private static Sample Finished(PriorityQueue<Sample, long> inFlight, Sample done)
    {
        inFlight.Dequeue();
        return done;
    }

    private TrialRecord Record(int samples, string samplesFile, int stack, int trial) => new()
    {
        Fingerprint = $"{stack}-{trial}",
        Case = new CaseRecord
        {
            Group = "scale",
            Workload = "scale",
            Scenario = Scenario.Name,
            Question = Scenario.Question,
            Level = Level.Id,
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
        Load = new LoadRecord
        {
            Loop = "open",
            Arrivals = "poisson",
            RatePerSecond = RatePerSecond,
            ItemsPerRequest = 1,
            DistinctPayloads = samples,
            MeanRequestBytes = 400,
            PayloadSeed = 1,
            ArrivalSeed = 2,
            DeadlineSeconds = 10,
            ObjectiveErrorRate = 0.001,
            Driver = "synthetic",
        },
        MeasuredByRun = Id,
        StartedUtc = Started.AddMinutes(trial),
        DeploymentId = $"{Id}-{stack}-{trial}",
        WarmUp = new WarmUpRecord(true, 1, []),
        WindowSeconds = WindowSeconds,
        Client = new ClientUse { CpuSeconds = samples * 1e-5, CoresBusy = 0.1, Steal = 0, Cpus = [0] },
        Server = new ServerUse
        {
            CpuSeconds = WindowSeconds / 2,
            MeanResidentBytes = 3e8,
            PeakResidentBytes = 3.1e8,
            MemoryReadings = 40,
            Cpus = [1],
            Source = "synthetic",
        },
        Checks = new AnswerChecks(64, 0, null),
        SampleCount = samples,
        SamplesSha256 = Sha256(samplesFile),
    };

    private static string Sha256(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private RunManifest Manifest(IReadOnlyList<PlannedTrial> planned) => new()
    {
        Id = Id,
        Group = "scale",
        StartedUtc = Started,
        FinishedUtc = Started.AddHours(2),
        PlanFingerprint = "synthetic",
        Command = "./build.sh --target=Evidence --what=scale",
        Profile = new ProfileRecord("scale", "a run that never took place", Quotable: false, Trials, Twin: false, 0.5, 4, WindowSeconds),
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
            .. Enumerable.Range(0, Stacks).Select(s => new ContenderRecord
            {
                Label = Name(s),
                Stack = Name(s),
                IsTwin = false,
                Title = Name(s),
                Summary = "a server that does not exist",
                Track = Domain.Stacks.Track.Default,
                Precision = "fp32",
                Complexity = 1,
                ComplexityWhy = "it does not exist",
                Fingerprint = Name(s),
                Cpus = [1],
            }),
        ],
        Workloads = [new WorkloadRecord("scale", "Requests that were never sent", "synthetic", [Scenario])],
        Blocks = [.. Enumerable.Range(1, Trials).Select(_ => (IReadOnlyList<string>)[.. Enumerable.Range(0, Stacks).Select(Name)])],
        Trials = planned,
        NotMeasured = [],
    };
}

/// <summary>One percentile of one trial, computed plainly.</summary>
/// <param name="Contender">Whose.</param>
/// <param name="Trial">From 1.</param>
/// <param name="Metric">As results name it.</param>
/// <param name="Seconds">Its value.</param>
public sealed record PlainPercentile(string Contender, int Trial, string Metric, double Seconds)
{
    /// <summary>Whether a report shows exactly this, to all the digits that results are stored with.</summary>
    public bool IsIn(Results.RunResults results) => results.Cases.Single(c => c.Contender == Contender)
        .Trials.Single(t => t.Trial == Trial).Values.TryGetValue(Metric, out var shown) && shown == Results.Rounded.Of(Seconds);
}
