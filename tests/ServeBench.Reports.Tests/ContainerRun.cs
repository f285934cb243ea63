using ServeBench.Domain.Trials;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>A run in containers: images, tracks, cold starts with their parts, a disturbed trial, a stopped quota, a stack that was killed.</summary>
internal static class ContainerRun
{
    public static SyntheticRun Run { get; } = new()
    {
        Id = "20260102T030405Z-containers",
        Trials = 3,
        WindowSeconds = 1.5,
        Stacks =
        [
            new(SyntheticRun.Batched, "ONNX Runtime .NET", 2),
            new("queue", "A queue in Python", 5),
            new("queue", "A queue in Python", 5, "tuned"),
        ],
        Workloads = [new("sequence-128", "One text of exactly 128 tokens in a request", "1 text of 128 tokens, 256 distinct", 1, 54, [4, 16], [])],
        NotMeasured = [new("broken", "the image of broken could not be built (whole log: artifacts/logs/image-broken.log)")],
        ChangeContender = c => c with
        {
            Image = Image(c.Stack),
            Caches = c.Stack == "queue" ? [new("response cache", IsOn: false, "--cache=0"), new("tokenizer cache", IsOn: true, null)] : [],
            ListensEverywhere = c.Stack == "queue",
            TrackSummary = c.Track == "tuned" ? "two workers with one thread each, and batches of up to 16" : "one worker, as the tutorial has it",
        },
        ChangeDeployment = d => d with
        {
            Host = "docker",
            Command = $"docker run --detach servebench/{d.Stack}",
            ColdStartSeconds = 0.9 + 0.01 * d.Trial,
            Runtime = d.Stack == "queue" ? "ONNX Runtime 1.21.0" : "ONNX Runtime 1.29.0",
            TouchedBytes = d.Trial == 1 ? 805306368 : 402653184,
            ColdStart = Start(d, 0.9 + 0.01 * d.Trial),
            FailedColdStarts = d is { Contender: "queue", Trial: 2 } ? ["it did not start: it ended by itself with code 1"] : null,
            FurtherColdStarts = d is { Trial: 2, IsTwin: false } ? [Start(d, 0.88), Start(d, 1.2)] : null,
        },
        Change = t => t with
        {
            Case = t.Case with { Host = "docker" },
            Server = t.Server with
            {
                CoresBusySeconds = t.Server.CpuSeconds + (t.Case is { Contender: "queue", Level: "c4", Trial: 2 } ? 0.9 : 0.03),
                OtherContainersCpuSeconds = t.Case is { Contender: "queue", Level: "c4", Trial: 2 } ? 1.4 : 0,
                StolenSeconds = t.Case is { Contender: "queue, tuned", Level: "c4", Trial: 1 } ? t.WindowSeconds * 0.08 : 0,
                QuotaPeriods = 15,
                ThrottledPeriods = t.Case is { Contender: "queue, tuned", Level: "c16" } ? 12 : 0,
                ThrottledSeconds = t.Case is { Contender: "queue, tuned", Level: "c16" } ? t.WindowSeconds * 0.31 : t.WindowSeconds * 0.0004,
                OomKills = t.Case is { Contender: "queue, tuned", Level: "c4", Trial: 1 } ? 1 : 0,
                ReceivedBytes = 12_000,
                SentBytes = 340_000,
                Source = "cgroup v2; memory is what it uses less inactive file cache",
            },
        },
    };

    /// <summary>The queue's server has no timer of its model.</summary>
    private static ColdStartRecord Start(DeploymentRecord d, double seconds) => d.Stack == "queue"
        ? new ColdStartRecord(seconds, 0.3, seconds - 0.32, null, 0.02)
        : new ColdStartRecord(seconds, 0.3, seconds - 0.47, 0.15, 0.02) { HealthSeconds = seconds - 0.1, AnsweredSeconds = seconds - 0.05 };

    private static ImageRecord Image(string stack) => new()
    {
        Name = $"servebench/{stack}:0123456789ab",
        InputsSha256 = new string('0', 64),
        ContentSha256 = new string('1', 64),
        Digest = $"sha256:{new string('2', 64)}",
        Layers = stack == "queue" ? 4 : 2,
        Bytes = stack == "queue" ? 401_000_000 : 71_700_000,
        CompressedBytes = stack == "queue" ? 150_300_000 : 30_300_000,
        BuildSeconds = 3.3,
        CachedSteps = 4,
        Bases = [new BaseImageRecord("debian:trixie-slim", new string('3', 64), null, "made here from Debian's packages")],
    };
}
