using ServeBench.Domain.Samples;
using ServeBench.Domain.Trials;
using ServeBench.Measurement.Evaluation;
using ServeBench.Reports.Charts;
using ServeBench.Synthetic;

namespace ServeBench.Reports.Tests;

/// <summary>Runs that have every kind of chart, with as many stacks as asked for and names as long as people give them.</summary>
internal static class ManyStacks
{
    private static readonly string[] Titles =
    [
        "ONNX Runtime .NET", "ONNX Runtime .NET, unbatched", "FastAPI with ONNX Runtime", "FastAPI with PyTorch", "Triton Inference Server", "text-embeddings-inference",
        "ONNX Runtime in Go", "Ray Serve", "BentoML", "vLLM", "OpenVINO Model Server", "TorchServe", "llama.cpp server", "Infinity", "LitServe", "MLServer, adaptive batching",
        "KServe with the huggingface runtime", "Candle in Rust behind axum", "FastAPI with ONNX Runtime, two workers, tuned", "Seldon Core 2",
    ];

    public static SyntheticRun Run(int stacks) => new()
    {
        Id = $"20260102T030405Z-stacks-{stacks}",
        Profile = "standard",
        Trials = 3,
        WindowSeconds = 4,
        Stacks = [.. Enumerable.Range(0, stacks).Select(i => new SyntheticStack(Name(i), Titles[i], 1 + (i * 7 % 9)))],
        Workloads =
        [
            new("mixed-length", "One text of 16 to 256 tokens in a request, mostly short", "1 text of 16 to 256 tokens, 1,024 distinct", 1, 152, [1, 4, 16, 64], [38, 76]),
            new("sequence-128", "One text of exactly 128 tokens in a request", "1 text of 128 tokens, 256 distinct", 1, 54, [16], []),
            SyntheticWorkload.Ramp,
        ],
        Behaviour = Behaviour,
    };

    public static IReadOnlyList<Chart> Charts(int stacks, string folder)
    {
        var run = Run(stacks).Write(folder);
        return ChartCatalogue.Draw(new ReportContext(RunEvaluator.Evaluate(run), run.ReadManifest()));
    }

    private static string Name(int index) => index switch { 0 => SyntheticRun.Batched, 1 => SyntheticRun.Unbatched, _ => $"stack-{index}" };

    /// <summary>The further down the list, the slower and the heavier; one fails under load and one cannot keep up.</summary>
    private static SyntheticBehaviour Behaviour(CaseRecord of, LoadRecord load)
    {
        var usual = SyntheticBehaviour.Usual(of, load);
        var index = of.Stack == SyntheticRun.Batched ? 0 : of.Stack == SyntheticRun.Unbatched ? 1 : int.Parse(of.Stack["stack-".Length..]);
        return usual with
        {
            ItemsPerSecond = usual.ItemsPerSecond * (1 - (index * 0.035)),
            LatencySeconds = usual.LatencySeconds * (1 + (index * 0.12)),
            MemoryBytes = usual.MemoryBytes * (1 + (index * 0.3)),
            TrialNoise = 0.01 + (index * 0.002),
            FailureShare = index == 1 && load.Concurrency == 64 ? 0.05 : load.Ramp is not null && index % 3 == 1 ? 0.02 : 0,
            Failure = Outcome.Timeout,
            Tokens = of.Workload == "mixed-length" ? 24 : 0,
            Growth = index == 3 && load.RatePerSecond > 70 ? 0.1 : 0,
        };
    }
}
