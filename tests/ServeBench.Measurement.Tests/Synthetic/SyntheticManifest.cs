using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;

namespace ServeBench.Synthetic;

/// <summary>The records of a synthetic run that hold no randomness of their own.</summary>
internal static class SyntheticManifest
{
    public const string Model = "all-MiniLM-L6-v2";

    public static CaseRecord Case(ContenderRecord contender, string workload, ScenarioRecord scenario, string level, int trial, string weights) => new()
    {
        Group = "embeddings",
        Workload = workload,
        Scenario = scenario.Name,
        Question = scenario.Question,
        Level = level,
        Contender = contender.Label,
        Stack = contender.Stack,
        IsTwin = contender.IsTwin,
        Track = contender.Track,
        Model = Model,
        Weights = weights,
        Precision = contender.Precision,
        Host = "process",
        Protocol = "openai-embeddings",
        Trial = trial,
    };

    public static TrialRecord Trial(
        CaseRecord of, LoadRecord load, DeploymentRecord deployment, SyntheticBehaviour behaviour, SampleTable samples, double windowSeconds, Dice dice)
    {
        var items = 0;
        foreach (ref readonly var row in samples.Rows) items += row.Outcome == Outcome.Success ? row.Items : 0;
        var memory = behaviour.MemoryBytes * (1 + (0.004 * dice.Bell()));
        return new TrialRecord
        {
            Fingerprint = "",
            Case = of,
            Load = behaviour.Tokens == 0
                ? load
                : load with { StreamUnit = SampleSeries.Tokens, MeanPromptTokens = 128, ObjectiveTtftP95Seconds = 0.05, ObjectiveItlP95Seconds = 0.1 },
            MeasuredByRun = deployment.MeasuredByRun,
            StartedUtc = deployment.StartedUtc,
            DeploymentId = deployment.Id,
            WarmUp = new WarmUpRecord(true, 1.5, [new WarmUpWindow(0.5, 120, 0.01, 0.03), new WarmUpWindow(0.5, 121, 0.01, 0.03), new WarmUpWindow(0.5, 119, 0.01, 0.03)]),
            WindowSeconds = windowSeconds,
            Server = new ServerUse
            {
                CpuSeconds = windowSeconds * Math.Min(1, items / windowSeconds / behaviour.ItemsPerSecond),
                MeanResidentBytes = memory,
                PeakResidentBytes = memory * 1.03,
                MemoryReadings = 40,
                Cpus = [1],
                Source = "process tree, /proc",
            },
            Counters = items == 0 ? null : new ServerCounters(items, items / behaviour.AverageBatch) { Timings = Timings(of, load, samples) },
            Client = new ClientUse { CpuSeconds = samples.Count * 2.1e-5, CoresBusy = behaviour.CoresBusy, Steal = 0.002, Cpus = [0] },
            Checks = new AnswerChecks(Math.Min(64, samples.Count), 0, null),
            SampleCount = samples.Count,
            SamplesSha256 = "",
        };
    }

    /// <summary>Timers of a server that computes for most of a request's time; the one that is not batched times no queue, and stacks of other names have no timers.</summary>
    private static ServerTimings? Timings(CaseRecord of, LoadRecord load, SampleTable samples)
    {
        if (load.Concurrency is not { } concurrency || !of.Stack.StartsWith(SyntheticRun.Batched, StringComparison.Ordinal)) return null;
        var (requests, service) = (0, 0L);
        foreach (ref readonly var row in samples.Rows)
        {
            if (row.Outcome != Outcome.Success) continue;
            requests++;
            service += row.Service;
        }
        var request = (service / 1e9) - (requests * 0.00021);
        var queue = request * (concurrency - 1) / concurrency * 0.9;
        return new ServerTimings(requests, request, requests * 0.00014, of.Stack == SyntheticRun.Batched ? queue : null, request - queue - (requests * 0.0004), requests * 0.00009, 9000, concurrency == 1 ? 0 : 1000);
    }

    public static RunManifest Manifest(
        string id, DateTimeOffset started, DateTimeOffset? finished, ProfileRecord profile, string weights, IReadOnlyList<ContenderRecord> contenders,
        IReadOnlyList<WorkloadRecord> workloads, IReadOnlyList<PlannedTrial> planned, IReadOnlyList<NotMeasured> notMeasured) => new()
        {
            Id = id,
            Group = "embeddings",
            StartedUtc = started,
            FinishedUtc = finished,
            PlanFingerprint = "7d1f0c5d0f6d7cbb3f1f3a3f7a5d8e6b1c2d3e4f5061728394a5b6c7d8e9f001",
            Command = $"./build.sh --target=Benchmark --group=embeddings --profile={profile.Name} --seed=1",
            Profile = profile,
            Seeds = new SeedRecord(1, 11, 12, 13),
            Machine = new MachineRecord
            {
                Cpu = "Example CPU 2.50 GHz",
                LogicalCores = 2,
                MemoryBytes = 24L << 30,
                OperatingSystem = "Debian GNU/Linux 12",
                Kernel = "6.1.0",
                Architecture = "x64",
                Virtualisation = "kvm",
                Accelerators = [],
                DotNet = "10.0.1",
            },
            Versions = new Dictionary<string, string> { ["ServeBench"] = "0.1.0", [".NET"] = "10.0.1", ["ONNX Runtime"] = "1.29.0", ["driver"] = "native 1" },
            Models =
            [
                new ModelRecord
                {
                    Name = Model,
                    Title = Model,
                    Weights = weights,
                    WeightsReason = weights == "seeded" ? "the model hub cannot be reached" : "the model hub was reached",
                    Sha256 = "0f3bd1a8c4e05d2c6f7a9b8c7d6e5f403122334455667788990011223344aabb",
                    Repository = "sentence-transformers/all-MiniLM-L6-v2",
                    Revision = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
                    Licence = "Apache-2.0",
                    Parameters = 22_713_216,
                },
            ],
            Contenders = contenders,
            Workloads = workloads,
            Blocks = [.. Enumerable.Range(1, profile.Trials).Select(t => (IReadOnlyList<string>)[.. Rotated(contenders, t).Select(c => c.Label)])],
            Trials = planned,
            NotMeasured = notMeasured,
        };

    private static IEnumerable<ContenderRecord> Rotated(IReadOnlyList<ContenderRecord> contenders, int by) =>
        Enumerable.Range(0, contenders.Count).Select(i => contenders[(i + by) % contenders.Count]);
}
