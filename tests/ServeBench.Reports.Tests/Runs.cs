using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>The synthetic runs whose reports are approved.</summary>
internal static class Runs
{
    /// <summary>The default profile where all went well.</summary>
    public static SyntheticRun Quick { get; } = new();

    /// <summary>A load that changes: shown, and compared with nothing.</summary>
    public static SyntheticRun Ramp { get; } = new()
    {
        Id = "20260102T030405Z-ramp",
        Profile = "full",
        Twin = false,
        Weights = "pretrained",
        Workloads = [SyntheticWorkload.Ramp],
    };

    /// <summary>The smallest: two trials, no twin, never to be quoted.</summary>
    public static SyntheticRun Smoke { get; } = new()
    {
        Id = "20260102T030405Z-smoke",
        Profile = "smoke",
        Quotable = false,
        Trials = 2,
        Twin = false,
        WindowSeconds = 1.5,
        Weights = "pretrained",
        NotMeasured = [],
        Workloads =
        [
            new("mixed-length", "One text of 16 to 256 tokens in a request, mostly short", "1 text of 16 to 256 tokens, 1,024 distinct", 1, 152, [4], [60]),
            new("sequence-128", "One text of exactly 128 tokens in a request", "1 text of 128 tokens, 256 distinct", 1, 54, [4], []),
        ],
    };

    /// <summary>
    /// Five trials of four stacks in which much goes wrong: a stack that fails parity in one trial, an overloaded open loop,
    /// failures at the highest level, a busy client, warm-up that never settles, results of an earlier run, a missing trial, and
    /// names that are hostile to tables and pages.
    /// </summary>
    public static SyntheticRun Troubled { get; } = new()
    {
        Id = "20260102T030405Z-troubled",
        Profile = "standard",
        Trials = 5,
        WindowSeconds = 6,
        Finished = false,
        Stacks =
        [
            new(SyntheticRun.Batched, "ONNX Runtime .NET", 2),
            new(SyntheticRun.Unbatched, "ONNX Runtime .NET, unbatched", 2),
            new("hostile", "<b>Pipes | & *stars*</b>", 6),
            new("wrong", "Wrong now and then", 4),
        ],
        Workloads =
        [
            new("mixed-length", "One text of 16 to 256 tokens in a request, mostly short", "1 text of 16 to 256 tokens, 1,024 distinct", 1, 152, [1, 4, 16, 64], [38, 114]),
            new("batch-of-32", "32 texts of 32 tokens in a request", "32 texts of 32 tokens, 64 distinct", 32, 238, [1, 4], []),
        ],
        Behaviour = (of, load) => SyntheticBehaviour.Usual(of, load) with
        {
            Growth = of.Stack == SyntheticRun.Unbatched && load.RatePerSecond > 100 ? 0.1 : 0,
            FailureShare = of.Stack == SyntheticRun.Unbatched && load.Concurrency == 64 ? 0.05 : 0,
            Failure = Outcome.Timeout,
            CoresBusy = of is { Stack: "hostile", Level: "c16", Trial: 2 } ? 0.91 : 0.12,
        },
        Change = record => record.Case switch
        {
            { Contender: "hostile", Trial: 5 } => null,
            { Stack: SyntheticRun.Batched, Level: "c1" } => record with { WarmUp = record.WarmUp with { Settled = false, Seconds = 15 } },
            { Stack: SyntheticRun.Unbatched, Trial: 1 } => record with { MeasuredByRun = "20260101T000000Z-embeddings" },
            _ => record,
        },
        ChangeDeployment = d => d is { Contender: "wrong", Trial: 4 }
            ? d with { Parity = new ParityRecord(false, 8, 0.3, 0.71, 1e-4, 0.9999, "input 3: cosine 0.71 is below 0.9999") }
            : d,
    };
}
